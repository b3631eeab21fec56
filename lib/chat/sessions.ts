/**
 * Sessions: browsers and programs that are signed in, and personal access tokens. Only the hash of a secret is stored.
 *
 * A session counts while it is of its account's generation, so raising that number ends all of them in one write. Ending
 * one writes the account's record too, so that commits that rest on it ({@link AccountGuard}) notice.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { scope } from "@/lib/model/schema/account.ts";
import { fold } from "@/lib/model/names.ts";
import { AccountGuard, type AccountState } from "@/lib/chat/account_guard.ts";
import { sessionEnded, updateOwnAccount } from "@/lib/chat/rights.ts";
import type { Actor, Principal } from "@/lib/chat/policy.ts";
import type { Account, Scope, Session } from "@/lib/model/account.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Change, Store } from "@/lib/store/kv.ts";

/** Prefix of personal access tokens, so that people and programs can tell them from others. */
export const TOKEN_PREFIX = "hub_";
/** Prefix of the ids of programs' sessions. No hash has it, so access tokens alone open them. */
const PROGRAM_PREFIX = "program.";
/** The last use of a session is noted to this precision, in milliseconds. */
const SEEN_STEP = 3_600_000;
/** Browsers and programs on which an account can be signed in; the one unused for longest goes. */
export const SESSIONS_MAX = 100;
/** Personal access tokens that an account can have. */
export const TOKENS_MAX = 100;
/** Sessions that one commit removes, at most. */
const REMOVED_AT_ONCE = 200;

/** The sessions of an account that don't count any more are removed. */
export const SWEEP_SESSIONS: JobKind<{ readonly account: string }> = {
  name: "sweep_sessions",
  payload: z.object({ account: z.string() }),
};

/** A personal access token that someone wants to create. */
export interface NewToken {
  readonly label: string;
  /** What it is good for; null for everything. */
  readonly scopes: readonly Scope[] | null;
  /** In milliseconds; undefined where it lasts until it is revoked. */
  readonly lifetime?: number | undefined;
}

/** Who is asking, and whether the session's cookie should be set again because it lasts longer now. */
export interface ResolvedSession {
  readonly identity: Principal;
  readonly renewed: boolean;
}

/** An account, and the generation that its sessions are of. */
type Generation = Pick<Account, "id" | "generation">;

/** A session that counts and its account, as of one moment. */
interface CountedSession extends AccountState {
  readonly session: Session;
  /** Of the session. */
  readonly versionstamp: string | null;
  readonly account: Account;
}

/** The id of the session that a secret opens: SHA-256, base64url. */
export function sessionId(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** All sessions of a server. */
export class Sessions {
  readonly #admins: ReadonlySet<string>;

  /**
   * @param lifetime How long a session lasts after its last use, in milliseconds.
   * @param admins Names of accounts that are admins whatever their record says.
   */
  constructor(
    private readonly store: Store,
    private readonly jobs: Jobs,
    readonly lifetime: number,
    admins: readonly string[],
  ) {
    jobs.handle(SWEEP_SESSIONS, ({ account }) => this.#sweep(account));
    this.#admins = new Set(admins.map(fold));
  }

  /**
   * Opens a session for a browser. The secret goes into a cookie.
   *
   * @param account As it was when its password was checked.
   * @throws {ChatError} `sign_in` where its sessions were ended meanwhile.
   */
  async open(account: Generation, label: string): Promise<{ secret: string; session: Session }> {
    const secret = randomBytes(32).toString("base64url");
    const { session } = await this.#signIn(account, (sessions) => {
      const session = this.#session(account, sessionId(secret), { label, lifetime: this.lifetime });
      return { session, mutations: [...saved(session), ...excess(sessions)] };
    });
    return { secret, session };
  }

  /** The session of a program: the one that has this label, or else a new one. Throws as {@link open} does. */
  async openProgram(account: Generation, label: string): Promise<Session> {
    const { session } = await this.#signIn(account, (sessions) => {
      const known = sessions.find((session) => session.id.startsWith(PROGRAM_PREFIX) && session.label === label);
      if (known) return { session: known, mutations: saved(this.#used(known)) };
      const id = PROGRAM_PREFIX + randomBytes(24).toString("base64url");
      const session = this.#session(account, id, { label, lifetime: this.lifetime });
      return { session, mutations: [...saved(session), ...excess(sessions)] };
    });
    return session;
  }

  async #signIn<Changed extends Pick<Change<Account>, "mutations">>(
    { id, generation }: Generation,
    change: (sessions: readonly Session[]) => Changed,
  ): Promise<Changed> {
    return await this.store.update(keys.account(id), async (account) => {
      if (!account || account.disabled || account.generation !== generation) throw sessionEnded();
      return { ...change(await this.#of(account)), value: account };
    });
  }

  /**
   * Creates a personal access token.
   *
   * @throws {ChatError} `invalid` for one too many, or what the policy says.
   */
  async createToken(actor: Actor, token: NewToken): Promise<{ secret: string; session: Session }> {
    const secret = TOKEN_PREFIX + randomBytes(32).toString("base64url");
    const { session } = await updateOwnAccount(this.store, actor, async (account) => {
      const tokens = (await this.#of(account)).filter(({ kind }) => kind === "token");
      if (tokens.length >= TOKENS_MAX) {
        throw new ChatError("invalid", `You have ${TOKENS_MAX} tokens, the maximum. Revoke one first.`);
      }
      const session = this.#session(account, sessionId(secret), { ...token, kind: "token" });
      return { value: account, mutations: saved(session), session };
    });
    return { secret, session };
  }

  #session(
    { id: account, generation }: Generation,
    id: string,
    { label, lifetime, scopes = null, kind = "browser" }: Partial<NewToken> & Pick<Session, "label"> & {
      readonly kind?: Session["kind"];
    },
  ): Session {
    const now = Date.now(), expiresAt = lifetime === undefined ? null : now + lifetime;
    return { id, account, kind, label, scopes, createdAt: now, seenAt: now, expiresAt, generation };
  }

  /**
   * Who a session is of, or null where it has ended or its account is disabled. Notes the use.
   *
   * @param id As {@link sessionId} gives it.
   */
  async resolve(id: string): Promise<ResolvedSession | null> {
    const { value: stored } = await this.store.get(keys.session(id));
    const counted = stored && await this.#counted(stored.account, id);
    if (!counted) return null;
    const { session, versionstamp } = counted, renewed = Date.now() - session.seenAt > SEEN_STEP;
    // The check keeps a session that was ended just now from being written again.
    if (renewed) await this.store.commit([{ key: keys.session(id).path, versionstamp }], saved(this.#used(session)));
    return { identity: this.#principal(counted), renewed: renewed && session.kind === "browser" };
  }

  #used(session: Session): Session {
    const now = Date.now(), expiresAt = session.kind === "browser" ? now + this.lifetime : session.expiresAt;
    return { ...session, seenAt: now, expiresAt };
  }

  async #counted(account: string, id: string): Promise<CountedSession | null> {
    const key = keys.account(account);
    const [stored, owner] = await this.store.getBoth(keys.session(id), key);
    if (!stored.value || !owner.value || owner.value.disabled || !counts(stored.value, owner.value)) return null;
    return {
      session: stored.value,
      versionstamp: stored.versionstamp,
      account: owner.value,
      check: { key: key.path, versionstamp: owner.versionstamp },
      admin: this.isAdmin(owner.value),
    };
  }

  #principal({ account: { id, name }, session, check, admin }: CountedSession): Principal {
    return {
      person: { id, name, guest: false },
      session: session.id,
      scopes: session.scopes && scope.options.filter((one) => session.scopes?.includes(one)),
      expiresAt: session.expiresAt,
      guard: new AccountGuard({ check, admin }, async () => {
        const counted = await this.#counted(id, session.id);
        if (!counted) throw sessionEnded();
        return counted;
      }),
    };
  }

  /** Whether an account is an admin of the server. */
  isAdmin(account: Account): boolean {
    return account.admin || this.#admins.has(fold(account.name));
  }

  /** The sessions of an account that count, the last used first. */
  async list(account: string): Promise<Session[]> {
    const { value } = await this.store.get(keys.account(account));
    return value ? await this.#of(value) : [];
  }

  async #of(account: Account): Promise<Session[]> {
    return (await this.#stored(account.id)).filter((session) => counts(session, account))
      .sort((one, other) => other.seenAt - one.seenAt);
  }

  async #stored(account: string): Promise<Session[]> {
    const ids: string[] = [];
    for await (const { key } of this.store.list(keys.sessionOf.under(account))) ids.push(String(key.at(-1)));
    return (await this.store.getMany(ids.map((id) => keys.session(id)))).flatMap(({ value }) => value ?? []);
  }

  /**
   * Ends a session of the actor's account, wherever it is open.
   *
   * @throws {ChatError} `not_found` for one that isn't theirs, or what the policy says.
   */
  async end(actor: Actor, id: string): Promise<void> {
    await updateOwnAccount(this.store, actor, async (account) => {
      const { value: session } = await this.store.get(keys.session(id));
      if (session?.account !== account.id) throw new ChatError("not_found", "This session has ended already.");
      return { value: account, mutations: [...removed(session), notify(account.id)] };
    });
  }

  /** Ends the session that asks, where there is one. */
  async signOut(actor: Actor): Promise<void> {
    if (!actor?.session) return;
    const { value: session } = await this.store.get(keys.session(actor.session));
    if (!session) return;
    await this.store.update(
      keys.account(session.account),
      (account) => account && { value: account, mutations: [...removed(session), notify(account.id)] },
    );
  }

  /** Ends all sessions and tokens of the actor's account but the browser that asks. */
  async endOthers(actor: Actor): Promise<void> {
    await updateOwnAccount(this.store, actor, (account) => this.endingAll(account, actor));
  }

  /**
   * The change of an account that ends all its sessions and tokens, but that of `but`. A program's session ends too, as
   * everyone who knew the password could have signed in to it.
   */
  async endingAll(account: Account, but: Actor): Promise<Change<Account>> {
    const value = { ...account, generation: account.generation + 1 }, id = but?.session ?? PROGRAM_PREFIX;
    const { value: session } = await this.store.get(keys.session(id));
    const isKept = session && !id.startsWith(PROGRAM_PREFIX);
    const kept = isKept ? saved({ ...session, generation: value.generation }) : [];
    const sweep = this.jobs.enqueue(SWEEP_SESSIONS, { account: account.id });
    return { value, mutations: [...kept, sweep, notify(account.id)] };
  }

  async #sweep(account: string): Promise<void> {
    const sessions = await this.#stored(account);
    // Read last: none of them is of a later generation.
    const { value: owner } = await this.store.get(keys.account(account));
    await this.store.write(sessions.flatMap((session) => owner && counts(session, owner) ? [] : removed(session)));
  }
}

function counts({ expiresAt, generation }: Session, account: Account): boolean {
  return (expiresAt === null || expiresAt > Date.now()) && generation === account.generation;
}

function saved(session: Session): Mutation[] {
  const lifetime = session.expiresAt === null ? undefined : session.expiresAt - Date.now();
  return [
    put(keys.session(session.id), session, lifetime),
    put(keys.sessionOf(session.account, session.id), true, lifetime),
  ];
}

function removed({ account, id }: Session): Mutation[] {
  return [remove(keys.session(id)), remove(keys.sessionOf(account, id))];
}

/** Removes the sessions unused for longest, so that there is room for one more. */
function excess(sessions: readonly Session[]): Mutation[] {
  const over = sessions.filter(({ kind }) => kind === "browser").slice(SESSIONS_MAX - 1).slice(-REMOVED_AT_ONCE);
  return over.flatMap((session) => [...removed(session), notify(session.account)]);
}
