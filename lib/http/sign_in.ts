/**
 * Signing somebody in: a session for the browser, in a cookie, and an access token for programs.
 * @module
 */
import type { Context } from "fresh";
import { clearCookies, clearGuestCookie, setSessionCookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { isForeign } from "@/lib/http/who.ts";
import type { Account } from "@/lib/store/keys.ts";

/** Longest name of a browser that a session keeps, in UTF-16 units. */
const LABEL_MAX = 200;

/** An access token, and the seconds for which it is good. */
export interface Granted {
  readonly token: string;
  readonly expiresIn: number;
}

/**
 * Opens a session for an account whose password was right.
 *
 * @param headers Of the answer; they get the session's cookie, unless a page of another site asks, which could otherwise
 * change who a visitor is here.
 */
export async function signIn({ req, state }: Context<State>, account: Account, headers: Headers): Promise<Granted> {
  const { chat, secure } = state;
  const label = req.headers.get("user-agent")?.slice(0, LABEL_MAX) ?? "Unknown";
  const { secret, session } = await chat.sessions.open(account.id, label);
  if (!isForeign(req, chat.site.corsOrigins)) {
    clearGuestCookie(headers);
    setSessionCookie(headers, secure, secret, chat.sessions.lifetime);
  }
  return await chat.tokens.sign({ account: account.id, session: session.id });
}

/** Ends the session that asks, if one does, and takes it out of the browser. */
export async function signOut({ state: { chat, asker, secure } }: Context<State>, headers: Headers): Promise<void> {
  clearCookies(headers, secure);
  if (asker?.session) await chat.sessions.end(asker.person, asker.session);
}
