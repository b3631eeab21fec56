/**
 * Who is asking: a token, a cookie, or nobody. Pages, REST and sockets all ask here.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/chat/entries.ts";
import type { Asker } from "@/lib/chat/policy.ts";
import { cookie, GUEST_COOKIE } from "@/lib/http/cookies.ts";
import type { Guests } from "@/lib/http/guests.ts";

/**
 * Whether the request comes from a page of another site. No `Origin` at all is not a browser, and not foreign. A cookie
 * that comes with a foreign one counts as absent, so that no other site acts in a visitor's name.
 */
export function isForeign(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return request.headers.get("sec-fetch-site") === "cross-site" && request.method !== "GET";
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.get("host");
}

/** Whether the request wants to become a socket. Some clients offer other protocols, such as `h2c`, with every request. */
export function isUpgrade(request: Request): boolean {
  return request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/**
 * Who asks by token or cookie; null is somebody who has not said a name.
 *
 * @throws {ChatError} `sign_in` for a token that is not valid (any more).
 */
export function whoAsks(request: Request, guests: Guests): Asker {
  const token = bearer(request);
  if (token !== undefined) return holder(token, guests);
  const held = cookie(request.headers, GUEST_COOKIE);
  if (held === undefined || isForeign(request)) return null;
  return guests.verify(held);
}

/**
 * Who speaks where a name may be given: another name than a guest's own is a new guest, whose token is `issued`; an
 * account's name holds. Null where there is neither.
 */
export function speaker(
  asker: Asker,
  username: string | undefined,
  guests: Guests,
): { person: Person; issued?: string } | null {
  if (asker && (!asker.guest || username === undefined || username === asker.name)) return { person: asker };
  if (username === undefined) return null;
  const { person, token } = guests.issue(username);
  return { person, issued: token };
}

/**
 * Who holds a token.
 *
 * @throws {ChatError} `sign_in` for a token that is not valid (any more).
 */
export function holder(token: string, guests: Guests): Person {
  const person = guests.verify(token);
  if (!person) throw new ChatError("sign_in", "This token is not valid any more: sign in again.");
  return person;
}

function bearer(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer +(\S+)\s*$/i.exec(header)?.[1] ?? "";
  const { url } = request;
  return url.includes("token=") ? new URL(url).searchParams.get("token") ?? undefined : undefined;
}
