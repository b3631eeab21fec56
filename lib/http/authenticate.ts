/**
 * Authentication: who sends a request, by its token or its cookies. Pages, REST and sockets use it.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Caller } from "@/lib/chat/commands.ts";
import { accountOf, type Actor, asGuest, type Principal } from "@/lib/chat/policy.ts";
import { sessionId, TOKEN_PREFIX } from "@/lib/chat/sessions.ts";
import { cookie, GUEST_COOKIE, SESSION_COOKIES } from "@/lib/http/cookies.ts";
import { GUEST_PREFIX } from "@/lib/chat/guests.ts";
import type { Chat } from "@/lib/http/state.ts";

/** The credentials that a request carries. */
export interface Credentials {
  /** A token, which wins over cookies. */
  readonly token: string | undefined;
  /** The secret of a session. */
  readonly session: string | undefined;
  /** A guest's token. */
  readonly guest: string | undefined;
}

/** Who sends a request, and the session's secret where its cookie should be set again, as it lasts longer now. */
export interface Authenticated {
  readonly actor: Actor;
  readonly renewed?: string | undefined;
}

/**
 * Whether the request comes from a page of another site that isn't one of `allowed`. No `Origin` at all means no browser.
 * A cookie of a cross-site request counts as absent, so that no other site acts in a visitor's name.
 */
export function isCrossSite(request: Request, allowed: readonly string[]): boolean {
  const { headers, method } = request, origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "cross-site" && method !== "GET";
  if (allowed.includes(origin)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get("host");
}

/** Whether the request asks for a socket. Some clients offer other upgrades, such as `h2c`, with every request. */
export function isUpgrade(request: Request): boolean {
  return request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** Reads the credentials of a request. Before an upgrade, which closes it. */
export function readCredentials(request: Request, allowed: readonly string[]): Credentials {
  const token = bearer(request);
  if (token !== undefined || isCrossSite(request, allowed)) return { token, session: undefined, guest: undefined };
  const { headers } = request;
  const session = SESSION_COOKIES.map((name) => cookie(headers, name)).find((value) => value !== undefined);
  return { token, session, guest: cookie(headers, GUEST_COOKIE) };
}

/**
 * Who has these credentials; null where there are none.
 *
 * @throws {ChatError} `sign_in` for a token or session that isn't valid (any more): it never silently becomes a guest.
 */
export async function authenticate(chat: Chat, { token, session, guest }: Credentials): Promise<Authenticated> {
  if (token !== undefined) return { actor: await principalOf(chat, token) };
  if (session !== undefined) {
    const known = await chat.sessions.resolve(sessionId(session));
    if (!known) throw notValid("Your session has ended. Sign in again.");
    return { actor: known.identity, renewed: known.renewed ? session : undefined };
  }
  const person = guest === undefined ? null : chat.guests.verify(guest);
  // Since the guest chose the name, an account may have taken it.
  if (!person || await chat.accounts.isRegistered(person.name)) return { actor: null };
  return { actor: asGuest(person) };
}

/**
 * Who writes where a name can be given: an account under its own, a guest under theirs, and under another name a new
 * guest, whose token is `issued`. Null where there is neither an actor nor a name.
 *
 * @throws {ChatError} `name_registered` for a name that only its account may use.
 */
export async function resolveAuthor(
  chat: Chat,
  { actor, address }: Caller,
  username: string | undefined,
): Promise<{ identity: Principal; issued?: string } | null> {
  if (actor && (accountOf(actor) || username === undefined || username === actor.person.name)) {
    return { identity: actor };
  }
  if (username === undefined) return null;
  const { person, token } = await chat.gate.execute("becomeGuest", { actor, address }, { name: username });
  return { identity: asGuest(person), issued: token };
}

/**
 * Who has a token: a guest's, a personal access token, or an access token, which lasts as long as its session.
 *
 * @throws {ChatError} `sign_in` for a token that isn't valid (any more).
 */
export async function principalOf(chat: Chat, token: string): Promise<Principal> {
  if (token.startsWith(`${GUEST_PREFIX}.`)) {
    const person = chat.guests.verify(token);
    if (!person || await chat.accounts.isRegistered(person.name)) throw notValid();
    return asGuest(person);
  }
  if (token.startsWith(TOKEN_PREFIX)) {
    const known = await chat.sessions.resolve(sessionId(token));
    if (!known) throw notValid();
    return known.identity;
  }
  const { account, session, expiresAt } = await chat.tokens.verify(token);
  const known = await chat.sessions.resolve(session);
  if (known?.identity.person.id !== account) throw notValid();
  return { ...known.identity, expiresAt: Math.min(expiresAt, known.identity.expiresAt ?? expiresAt) };
}

function notValid(sentence = "This token isn't valid any more. Sign in again."): ChatError {
  return new ChatError("sign_in", sentence);
}

function bearer(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer +(\S+)\s*$/i.exec(header)?.[1] ?? "";
  const { url } = request;
  return url.includes("token=") ? new URL(url).searchParams.get("token") ?? undefined : undefined;
}
