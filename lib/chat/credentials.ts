/**
 * Passwords of accounts: checked at sign-in and before what matters, and changed. Attempts are limited.
 * @module
 */
import { createHash } from "node:crypto";
import { ChatError } from "@/lib/errors.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import { updateOwnAccount } from "@/lib/chat/rights.ts";
import { hashPassword, isOutdated, verifyPassword } from "@/lib/chat/passwords.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import { Semaphore } from "@/lib/chat/semaphore.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import type { Account } from "@/lib/model/account.ts";
import { fold } from "@/lib/model/names.ts";
import { keys, SIGN_IN_ATTEMPTS_TTL } from "@/lib/store/keys.ts";
import { put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Attempts within {@link SIGN_IN_ATTEMPTS_TTL}, from one address and under one name. */
export const ATTEMPTS_MAX = 10;
const failedSignIns = new ThrottledWarning("Sign-in failed: wrong name or password");

/** The passwords of all accounts. */
export class Credentials {
  /** Attempts of one kind wait for each other. */
  readonly #attempts = new Map<string, Semaphore>();

  /** Over the accounts and sessions of one store. */
  constructor(
    private readonly store: Store,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
  ) {}

  /**
   * The account with this name and password. It takes as long where there is none.
   *
   * @param from The client's address; undefined where attempts aren't counted.
   * @throws {ChatError} `sign_in`, `forbidden` for a disabled account, `rate_limited` after too many attempts.
   */
  check(name: string, password: string, from: string | undefined): Promise<Account> {
    if (from === undefined) return this.#check(name, password);
    const kind = `${from} ${fold(name)}`, attempts = attemptsKey(kind);
    return this.#inTurn(kind, async () => {
      await this.#countAttempt(attempts);
      const account = await this.#check(name, password);
      await this.store.commit([], [remove(attempts)]);
      return account;
    });
  }

  async #check(name: string, password: string): Promise<Account> {
    const account = await this.accounts.named(name);
    const key = keys.password(account?.id ?? ""), { value, versionstamp } = await this.store.get(key);
    const isRight = await verifyPassword(password, value);
    if (!account || !value || !isRight) {
      metrics.failedSignIns++;
      failedSignIns.warn();
      throw new ChatError("sign_in", "Wrong name or password.");
    }
    if (account.disabled) throw new ChatError("forbidden", "This account is disabled. Ask an admin of this server.");
    if (isOutdated(value)) {
      await this.store.commit([{ key: key.path, versionstamp }], [put(key, await hashPassword(password))]);
    }
    return account;
  }

  /** Attempts one after the other: a program that signs in many times at once isn't guessing. */
  async #inTurn<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#attempts.get(kind) ?? new Semaphore(1, Infinity);
    this.#attempts.set(kind, turns);
    try {
      return await turns.run(work);
    } finally {
      if (turns.idle) this.#attempts.delete(kind);
    }
  }

  async #countAttempt(key: ReturnType<typeof keys.signInAttempts>): Promise<void> {
    await this.store.update(key, (value) => {
      const now = Date.now(), isRecent = value !== null && now - value.since < SIGN_IN_ATTEMPTS_TTL;
      const { count, since } = isRecent ? value : { count: 0, since: now };
      const expireIn = since + SIGN_IN_ATTEMPTS_TTL - now;
      if (count >= ATTEMPTS_MAX) {
        const minutes = Math.ceil(expireIn / 60_000);
        throw new ChatError(
          "rate_limited",
          `Too many attempts. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
          { retryAfter: Math.ceil(expireIn / 1000) },
        );
      }
      return { value: { count: count + 1, since }, expireIn };
    });
  }

  /** Throws {@link ChatError} `wrong_password` unless this is the actor's, and `rate_limited` after too many attempts. */
  async confirm(actor: Actor, password: string): Promise<void> {
    await this.#confirm(requireAccount(actor, "account").id, password);
  }

  /** @returns The version of the password. */
  async #confirm(account: string, password: string): Promise<string | null> {
    const attempts = attemptsKey(account);
    await this.#countAttempt(attempts);
    const { value, versionstamp } = await this.store.get(keys.password(account));
    if (!await verifyPassword(password, value)) throw new ChatError("wrong_password", "Wrong password.");
    await this.store.commit([], [remove(attempts)]);
    return versionstamp;
  }

  /**
   * Changes the actor's password, which ends all other sessions and tokens.
   *
   * @throws {ChatError} `wrong_password`, `rate_limited`, or what the policy says.
   */
  async change(actor: Actor, old: string, password: string): Promise<void> {
    const { id } = requireAccount(actor, "account"), key = keys.password(id);
    const versionstamp = await this.#confirm(id, old), hash = await hashPassword(password);
    await updateOwnAccount(this.store, actor, async (account) => {
      if ((await this.store.get(key)).versionstamp !== versionstamp) {
        throw new ChatError("wrong_password", "Wrong password.");
      }
      const { value, mutations = [] } = await this.sessions.endingAll(account, actor);
      return { value, checks: [{ key: key.path, versionstamp }], mutations: [...mutations, put(key, hash)] };
    });
  }
}

/** Where attempts of one kind are counted. */
function attemptsKey(kind: string): ReturnType<typeof keys.signInAttempts> {
  return keys.signInAttempts(createHash("sha256").update(kind).digest("base64url"));
}
