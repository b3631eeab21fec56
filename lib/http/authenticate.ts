/**
 * Who is asking: a token, a cookie, or nobody. Pages, REST and sockets all ask here.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { accountOf, type Actor, asGuest, type Principal } from "@/lib/chat/policy.ts";
import { sessionId, TOKEN_PREFIX } from "@/lib/chat/sessions.ts";
import { cookie, GUEST_COOKIE, SESSION_COOKIES } from "@/lib/http/cookies.ts";
import { GUEST_PREFIX } from "@/lib/chat/guests.ts";
import type { Chat } from "@/lib/http/state.ts";

/** What a request says about who sends it. */
export interface Credentials {
  /** A token, which wins over cookies. */
  readonly token: string | undefined;
  /** The secret of a session. */
  readonly session: string | undefined;
  /** A guest's token. */
  readonly guest: string | undefined;
}

/** Who asks, and the session's secret where its cookie should be given again as it lasts longer now. */
export interface Authenticated {
  readonly actor: Actor;
  readonly renewed?: string | undefined;
}

/**
 * Whether the request comes from a page of another site that is not one of `allowed`. No `Origin` at all is not a
 * browser, and not foreign. A cookie that comes with a foreign one counts as absent, so that no other site acts in a
 * visitor's name.
 */
export function isCrossSite(request: Request, allowed: readonly string[]): boolean {
  const { headers, method } = request, origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "cross-site" && method !== "GET";
  if (allowed.includes(origin)) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get("host");
}

/** Whether the request wants to become a socket. Some clients offer other protocols, such as `h2c`, with every request. */
export function isUpgrade(request: Request): boolean {
  return request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** Reads what a request says of its sender; at once, as an upgrade closes it. */
export function readCredentials(request: Request, allowed: readonly string[]): Credentials {
  const token = bearer(request);
  if (token !== undefined || isCrossSite(request, allowed)) return { token, session: undefined, guest: undefined };
  const { headers } = request;
  const session = SESSION_COOKIES.map((name) => cookie(headers, name)).find((value) => value !== undefined);
  return { token, session, guest: cookie(headers, GUEST_COOKIE) };
}

/**
 * Who makes these claims; nobody where there are none.
 *
 * @throws {ChatError} `sign_in` for a token or a session that is not valid (any more): never silently a guest.
 */
export async function authenticate(chat: Chat, { token, session, guest }: Credentials): Promise<Authenticated> {
  if (token !== undefined) return { actor: await principalOf(chat, token) };
  if (session !== undefined) {
    const known = await chat.sessions.resolve(sessionId(session));
    if (!known) throw notValid("Your session has ended: sign in again.");
    return { actor: known.identity, renewed: known.renewed ? session : undefined };
  }
  const person = guest === undefined ? null : chat.guests.verify(guest);
  // Since the guest chose the name, somebody may have registered it.
  if (!person || await chat.accounts.isRegistered(person.name)) return { actor: null };
  return { actor: asGuest(person) };
}

/**
 * Who speaks where a name may be given: another name than a guest's own is a new guest, whose token is `issued`; an
 * account's name holds. Null where there is neither.
 *
 * @throws {ChatError} `name_registered` for a name that only its account may use.
 */
export async function resolveAuthor(
  chat: Chat,
  actor: Actor,
  username: string | undefined,
): Promise<{ identity: Principal; issued?: string } | null> {
  if (actor && (accountOf(actor) || username === undefined || username === actor.person.name)) {
    return { identity: actor };
  }
  if (username === undefined) return null;
  if (await chat.accounts.isRegistered(username)) {
    throw new ChatError("name_registered", `The name "${username}" belongs to an account: sign in, or choose another.`);
  }
  const { person, token } = chat.guests.issue(username);
  return { identity: asGuest(person), issued: token };
}

/**
 * Who holds a token: a guest's, a personal access token, or an access token, which lasts as long as its session.
 *
 * @throws {ChatError} `sign_in` for a token that is not valid (any more).
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

function notValid(sentence = "This token is not valid any more: sign in again."): ChatError {
  return new ChatError("sign_in", sentence);
}

function bearer(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer +(\S+)\s*$/i.exec(header)?.[1] ?? "";
  const { url } = request;
  return url.includes("token=") ? new URL(url).searchParams.get("token") ?? undefined : undefined;
}
