/**
 * Sessions: browsers that are signed in, and tokens that people make for programs. Only the hash of a secret is stored.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { scope } from "@/lib/model/schema/account.ts";
import { fold } from "@/lib/model/names.ts";
import type { Actor, Principal } from "@/lib/chat/policy.ts";
import type { Account, Scope, Session } from "@/lib/model/account.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What a personal access token begins with, so that people and programs can tell it from others. */
export const TOKEN_PREFIX = "hub_";
/** A session's last use is noted when it was so long ago, in milliseconds. */
const SEEN_STEP = 3_600_000;
const TOKENS_MAX = 100;

/** A token that a person wants to make. */
export interface NewToken {
  readonly label: string;
  /** What it is good for; null for everything. */
  readonly scopes: readonly Scope[] | null;
  /** In milliseconds; undefined where it lasts until it is ended. */
  readonly lifetime?: number | undefined;
}

/** Who is asking, and whether the cookie that says so should be given again because its session lasts longer now. */
export interface ResolvedSession {
  readonly identity: Principal;
  readonly renewed: boolean;
}

/** The id of the session that a secret opens: SHA-256, base64url. */
export function sessionId(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** All sessions of a server. */
export class Sessions {
  readonly #store: Store;
  readonly #lifetime: number;
  readonly #admins: ReadonlySet<string>;

  /**
   * @param lifetime How long a browser's session lasts after its last use, in milliseconds.
   * @param admins Names of accounts that are admins whatever their account says.
   */
  constructor(store: Store, lifetime: number, admins: readonly string[]) {
    this.#store = store;
    this.#lifetime = lifetime;
    this.#admins = new Set(admins.map(fold));
  }

  /** How long a browser's session lasts after its last use, in milliseconds. */
  get lifetime(): number {
    return this.#lifetime;
  }

  /** Signs an account in on a browser. The secret goes into a cookie. */
  async open(account: string, label: string): Promise<{ secret: string; session: Session }> {
    const secret = randomBytes(32).toString("base64url");
    const session = this.#session(secret, account, { label, scopes: null, lifetime: this.#lifetime }, "browser");
    await this.#store.commit([], kept(session, this.#lifetime));
    return { secret, session };
  }

  /**
   * Makes a personal access token.
   *
   * @throws {ChatError} `invalid` for one too many.
   */
  async createToken(account: string, token: NewToken): Promise<{ secret: string; session: Session }> {
    const tokens = (await this.list(account)).filter(({ kind }) => kind === "token");
    if (tokens.length >= TOKENS_MAX) throw new ChatError("invalid", `End a token first: you have ${TOKENS_MAX}.`);
    const secret = TOKEN_PREFIX + randomBytes(32).toString("base64url");
    const session = this.#session(secret, account, token, "token");
    await this.#store.commit([], kept(session, token.lifetime));
    return { secret, session };
  }

  #session(secret: string, account: string, { label, scopes, lifetime }: NewToken, kind: Session["kind"]): Session {
    const now = Date.now();
    return {
      id: sessionId(secret),
      account,
      kind,
      label,
      scopes,
      createdAt: now,
      seenAt: now,
      expiresAt: lifetime === undefined ? null : now + lifetime,
    };
  }

  /**
   * Who a session is of, or null where it has ended or its account may not sign in. Notes the use.
   *
   * @param id As {@link sessionId} gives it.
   */
  async resolve(id: string): Promise<ResolvedSession | null> {
    const { value: session } = await this.#store.get(keys.session(id));
    if (!session || isOver(session)) return null;
    const { value: account } = await this.#store.get(keys.account(session.account));
    if (!account || account.disabled) return null;
    const now = Date.now(), renewed = now - session.seenAt > SEEN_STEP;
    if (renewed) {
      const lasts = session.kind === "browser" ? this.#lifetime : session.expiresAt && session.expiresAt - now;
      const expiresAt = lasts === null ? null : now + lasts;
      await this.#store.commit([], kept({ ...session, seenAt: now, expiresAt }, lasts ?? undefined));
    }
    return { identity: this.#identity(account, session), renewed: renewed && session.kind === "browser" };
  }

  #identity(account: Account, session: Session): Principal {
    return {
      person: { id: account.id, name: account.name, guest: false },
      admin: this.isAdmin(account),
      session: session.id,
      scopes: session.scopes && scope.options.filter((one) => session.scopes?.includes(one)),
      expiresAt: session.expiresAt,
    };
  }

  /** Whether an account is an admin of the server. */
  isAdmin(account: Account): boolean {
    return account.admin || this.#admins.has(fold(account.name));
  }

  /** The sessions of an account that have not ended, the last used first. */
  async list(account: string): Promise<Session[]> {
    const ids: string[] = [];
    for await (const { key } of this.#store.list(keys.sessionOf.under(account))) ids.push(String(key.at(-1)));
    const found = await this.#store.getMany(ids.map((id) => keys.session(id)));
    return found.flatMap(({ value }) => value && !isOver(value) ? [value] : []).sort((a, b) => b.seenAt - a.seenAt);
  }

  /**
   * Ends a session of an account, wherever it is open.
   *
   * @throws {ChatError} `not_found` for one that is not theirs.
   */
  async end(account: Pick<Person, "id">, id: string): Promise<void> {
    const { value } = await this.#store.get(keys.session(id));
    if (value?.account !== account.id) throw new ChatError("not_found", "There is no such session any more.");
    await this.#store.commit([], [...ended(account.id, id), notify(account.id)]);
  }

  /** Ends the session that asks, if one does and it hasn't ended meanwhile. */
  async signOut(actor: Actor): Promise<void> {
    if (!actor?.session) return;
    try {
      await this.end(actor.person, actor.session);
    } catch (error) {
      if (!(error instanceof ChatError && error.code === "not_found")) throw error;
    }
  }

  /** Ends every session of an account but one. */
  async endAll(account: string, but?: string): Promise<void> {
    const over = (await this.list(account)).filter(({ id }) => id !== but);
    await this.#store.commit([], [...over.flatMap(({ id }) => ended(account, id)), notify(account)]);
  }
}

function isOver({ expiresAt }: Session): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

function kept(session: Session, lifetime: number | undefined): Mutation[] {
  return [
    put(keys.session(session.id), session, lifetime),
    put(keys.sessionOf(session.account, session.id), true, lifetime),
  ];
}

function ended(account: string, id: string): Mutation[] {
  return [remove(keys.session(id)), remove(keys.sessionOf(account, id))];
}
