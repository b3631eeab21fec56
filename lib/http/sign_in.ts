/**
 * The cookies of signing in and out.
 * @module
 */
import type { Context } from "fresh";
import { clearCookies, clearGuestCookie, setSessionCookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { isCrossSite } from "@/lib/http/authenticate.ts";

/** Longest user agent that a session keeps, in UTF-16 units. */
const LABEL_MAX = 200;

/** What a session is called in its account's list: the client's user agent. */
export function labelOf(request: Request): string {
  return request.headers.get("user-agent")?.slice(0, LABEL_MAX) ?? "Unknown";
}

/**
 * Sets the cookie of a session that was opened.
 *
 * @param headers Of the answer; unchanged where a page of another site asks, which could otherwise change who a visitor
 * is here.
 */
export function keepSession({ req, state }: Context<State>, secret: string, headers: Headers): void {
  const { chat, secure } = state;
  if (isCrossSite(req, chat.site.corsOrigins)) return;
  clearGuestCookie(headers);
  setSessionCookie(headers, secure, secret, chat.sessions.lifetime);
}

/**
 * Ends the session that asks, if one does.
 *
 * @param headers Of the answer; they clear the cookies, unless a page of another site asks, which could otherwise sign a
 * visitor out here.
 */
export async function signOut({ req, state }: Context<State>, headers: Headers): Promise<void> {
  const { chat, secure } = state;
  if (!isCrossSite(req, chat.site.corsOrigins)) clearCookies(headers, secure);
  await chat.gate.execute("signOut", state, {});
}
