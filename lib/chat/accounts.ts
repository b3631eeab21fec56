/**
 * Accounts: register, sign in, change, disable, take away with everything that belongs to one.
 * @module
 */
import { createHash } from "node:crypto";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";
import { hashPassword, outdated, verifyPassword } from "@/lib/chat/passwords.ts";
import type { Files } from "@/lib/chat/files.ts";
import { type Actor, requireAccount } from "@/lib/chat/policy.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { Semaphore } from "@/lib/chat/semaphore.ts";
import { ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys, SIGN_IN_ATTEMPTS_TTL } from "@/lib/store/keys.ts";
import type { Account } from "@/lib/model/account.ts";
import { type Check, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** How often somebody may try to sign in within {@link SIGN_IN_ATTEMPTS_TTL}, from one address and under one name. */
export const TRIES_MAX = 10;
const failedSignIns = new ThrottledWarning("Signing in failed: a wrong name or password");

/** What a new account needs; all of it is clean already. */
export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly email?: string | null | undefined;
}

/** What a person may change about themselves; what is absent stays. */
export interface Profile {
  readonly about?: string | undefined;
  readonly email?: string | null | undefined;
  readonly avatar?: string | null | undefined;
}

/** Every account of a server. */
export class Accounts {
  readonly #store: Store;
  readonly #sessions: Sessions;
  readonly #onName: (name: string) => void;
  /** Tries of one kind wait for one another. */
  readonly #trying = new Map<string, Semaphore>();

  /**
   * @param sessions Ended with what gives a right to them.
   * @param onName Called when a name has become an account's.
   */
  constructor(store: Store, sessions: Sessions, onName: (name: string) => void = () => undefined) {
    this.#store = store;
    this.#sessions = sessions;
    this.#onName = onName;
  }

  /**
   * Registers somebody. The first one of a server is its admin, unless that is not wished (`humble`).
   *
   * @throws {ChatError} `name_taken`.
   */
  async register({ name, password, email = null }: NewAccount, humble = false): Promise<Account> {
    const byName = keys.accountByName(fold(name)), founder = keys.founder();
    if ((await this.#store.get(byName)).value !== null) throw nameTaken();
    const kept = await hashPassword(password);
    const { account } = await this.#store.update(keys.accountCounter(), async (count) => {
      const [taken, first] = await this.#store.getMany([byName, founder]);
      if (taken!.value !== null) throw nameTaken();
      const founds = !humble && first!.value === null;
      const account: Account = {
        id: newPersonId(),
        name,
        email,
        about: "",
        avatar: null,
        admin: founds,
        disabled: false,
        createdAt: Date.now(),
      };
      const checks: Check[] = [{ key: byName.path, versionstamp: null }];
      const mutations = [
        put(byName, account.id),
        put(keys.account(account.id), account),
        put(keys.password(account.id), kept),
      ];
      if (founds) {
        checks.push({ key: founder.path, versionstamp: null });
        mutations.push(put(founder, account.id));
      }
      return { value: (count ?? 0) + 1, checks, mutations, account };
    });
    this.#onName(name);
    return account;
  }

  /**
   * The account of a name and its password. It takes the same time whether or not there is one.
   *
   * @param from Where the try comes from; undefined where tries are not counted.
   * @throws {ChatError} `sign_in`, `forbidden` for a disabled one, `rate_limited` after too many tries.
   */
  logIn(name: string, password: string, from: string | undefined): Promise<Account> {
    if (from === undefined) return this.#logIn(name, password);
    const kind = `${from} ${fold(name)}`, tries = triesOf(kind);
    return this.#inTurn(kind, async () => {
      await this.#countTry(tries);
      const account = await this.#logIn(name, password);
      await this.#store.commit([], [remove(tries)]);
      return account;
    });
  }

  async #logIn(name: string, password: string): Promise<Account> {
    const account = await this.named(name);
    const kept = account && (await this.#store.get(keys.password(account.id))).value;
    const right = await verifyPassword(password, kept);
    if (!account || !kept || !right) {
      metrics.failedSignIns++;
      failedSignIns.warn();
      throw new ChatError("sign_in", "The name or the password is wrong; check both and try again.");
    }
    if (account.disabled) throw new ChatError("forbidden", "This account is disabled: ask an admin of this server.");
    if (outdated(kept)) await this.#store.commit([], [put(keys.password(account.id), await hashPassword(password))]);
    return account;
  }

  /** Tries one after the other: a program that signs in many times at once does not guess. */
  async #inTurn<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#trying.get(kind) ?? new Semaphore(1, Infinity);
    this.#trying.set(kind, turns);
    try {
      return await turns.run(work);
    } finally {
      if (turns.idle) this.#trying.delete(kind);
    }
  }

  async #countTry(key: ReturnType<typeof keys.signInAttempts>): Promise<void> {
    await this.#store.update(key, (value) => {
      const now = Date.now(), goesOn = value !== null && now - value.since < SIGN_IN_ATTEMPTS_TTL;
      const { count, since } = goesOn ? value : { count: 0, since: now };
      const expireIn = since + SIGN_IN_ATTEMPTS_TTL - now;
      if (count >= TRIES_MAX) {
        const retryAfter = Math.ceil(expireIn / 1000);
        throw new ChatError("rate_limited", `Too many tries: wait ${Math.ceil(retryAfter / 60)} minutes.`, {
          retryAfter,
        });
      }
      return { value: { count: count + 1, since }, expireIn };
    });
  }

  /** The account with this id, or null. */
  async get(id: string): Promise<Account | null> {
    return (await this.#store.get(keys.account(id))).value;
  }

  /** The accounts with these ids, in their order. */
  async getMany(ids: readonly string[]): Promise<(Account | null)[]> {
    return (await this.#store.getMany(ids.map((id) => keys.account(id)))).map(({ value }) => value);
  }

  /** The account of this name, or null. */
  async named(name: string): Promise<Account | null> {
    const { value: id } = await this.#store.get(keys.accountByName(fold(name)));
    return id === null ? null : await this.get(id);
  }

  /** Whether only an account may use this name. */
  async isRegistered(name: string): Promise<boolean> {
    return (await this.#store.get(keys.accountByName(fold(name)))).value !== null;
  }

  /** Throws {@link ChatError} `name_registered` for a name that only its account can use. */
  async requireFree(name: string): Promise<void> {
    if (!await this.isRegistered(name)) return;
    throw new ChatError("name_registered", `The name "${name}" belongs to an account. Sign in, or choose another.`);
  }

  /** The person with this account. Throws {@link ChatError} `not_found`. */
  async person(id: string): Promise<Person> {
    const account = await this.get(id);
    if (!account) throw new ChatError("not_found", "No account has this ID.");
    return { id, name: account.name, guest: false };
  }

  /**
   * The people with these accounts, each once, without the actor.
   *
   * @throws {ChatError} `invalid` for an id that no account has, `sign_in` for a guest who names some.
   */
  async others(actor: Actor, ids: readonly string[]): Promise<Person[]> {
    const others = [...new Set(ids)].filter((id) => id !== actor?.person.id);
    if (others.length > 0) requireAccount(actor, "rooms");
    return (await this.getMany(others)).map((found, index) => {
      if (!found) throw new ChatError("invalid", `No account has the ID ${others[index]}.`);
      return { id: found.id, name: found.name, guest: false };
    });
  }

  /** How many there are. */
  async count(): Promise<number> {
    return (await this.#store.get(keys.accountCounter())).value ?? 0;
  }

  /** Accounts with an id after `after`, in the order in which they came. */
  async list({ after = "", limit }: { after?: string | undefined; limit: number }): Promise<Account[]> {
    const accounts: Account[] = [];
    // Ids are hex digits.
    const range = keys.account.between([`${after}\0`], ["g"]);
    for await (const { value } of this.#store.list(range, { limit })) accounts.push(value);
    return accounts;
  }

  /** Changes what a person says about themselves. */
  update(id: string, profile: Profile): Promise<Account> {
    const given = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined));
    return this.#change(id, (account) => ({ ...account, ...given }));
  }

  /** Sets an account's picture, or removes it (null), and removes the file of the one before. */
  async setAvatar(id: string, avatar: string | null, files: Files): Promise<Account> {
    const before = (await this.get(id))?.avatar;
    const account = await this.update(id, { avatar });
    if (before) await files.remove(before);
    return account;
  }

  /** Disables an account, which ends everything that it has open, or lets it in again. */
  async disable(id: string, disabled: boolean): Promise<Account> {
    const account = await this.#change(id, (account) => ({ ...account, disabled }));
    if (disabled) await this.#sessions.endAll(id);
    return account;
  }

  /** Makes an account an admin of the server, or no longer one. */
  setAdmin(id: string, admin: boolean): Promise<Account> {
    return this.#change(id, (account) => ({ ...account, admin }));
  }

  async #change(id: string, change: (account: Account) => Account): Promise<Account> {
    const { value } = await this.#store.update(keys.account(id), (account) => {
      if (!account) throw new ChatError("not_found", "There is no such account any more.");
      return { value: change(account), mutations: [notify(id)] };
    });
    return value;
  }

  /**
   * Changes a password, and ends all other sessions.
   *
   * @param session The session that stays.
   * @throws {ChatError} `sign_in` where the old one is wrong.
   */
  async changePassword(id: string, old: string, password: string, session: string | null): Promise<void> {
    await this.confirm(id, old);
    await this.#store.commit([], [put(keys.password(id), await hashPassword(password))]);
    await this.#sessions.endAll(id, session ?? undefined);
  }

  /** Throws `wrong_password` unless this is the account's password, and `rate_limited` after too many tries. */
  async confirm(id: string, password: string): Promise<void> {
    const tries = triesOf(id);
    await this.#countTry(tries);
    if (await verifyPassword(password, (await this.#store.get(keys.password(id))).value)) {
      await this.#store.commit([], [remove(tries)]);
      return;
    }
    throw new ChatError("wrong_password", "This is not your password; try again.");
  }

  /** Takes an account away: it can't sign in any more, its name is free again. What it said stays. */
  async remove({ id, name }: Person): Promise<void> {
    await this.#sessions.endAll(id);
    const account = keys.account(id);
    await this.#store.update(keys.accountCounter(), async (count) => {
      const { value, versionstamp } = await this.#store.get(account);
      return value && {
        value: Math.max(0, (count ?? 0) - 1),
        checks: [{ key: account.path, versionstamp }],
        mutations: [
          remove(account),
          remove(keys.accountByName(fold(name))),
          remove(keys.password(id)),
          notify(id),
        ],
      };
    });
    for (const { under } of [keys.read, keys.mention, keys.roomOf]) await this.#store.sweep(under(id));
  }
}

/** An id for a person: 24 lower-case hex characters, 48 bits of milliseconds, then 48 random ones. */
export function newPersonId(): string {
  const chance = crypto.getRandomValues(new Uint8Array(6));
  return Date.now().toString(16).padStart(12, "0") + chance.toHex();
}

/** Where the tries of one kind are counted. */
function triesOf(what: string): ReturnType<typeof keys.signInAttempts> {
  return keys.signInAttempts(createHash("sha256").update(what).digest("base64url"));
}

function nameTaken(): ChatError {
  return new ChatError("name_taken", "This name is taken; choose another.");
}
