/**
 * Signing somebody in: a session for the browser, in a cookie, and an access token for programs.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { clearCookies, clearGuestCookie, setSessionCookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import { isCrossSite } from "@/lib/http/authenticate.ts";
import type { Account } from "@/lib/model/account.ts";

/** Longest name of a browser that a session keeps, in UTF-16 units. */
const LABEL_MAX = 200;

/** An access token, and the seconds for which it is good. */
export interface Granted {
  readonly token: string;
  readonly expiresIn: number;
}

/** The account of a name and its password; where limits are off, tries are not counted. Throws as `Accounts.logIn` does. */
export function logIn({ state: { chat, address } }: Context<State>, name: string, password: string): Promise<Account> {
  return chat.accounts.logIn(name, password, chat.limits ? address : undefined);
}

/**
 * Opens a session for an account whose password was right.
 *
 * @param headers Of the answer; they get the session's cookie, unless a page of another site asks, which could otherwise
 * change who a visitor is here.
 */
export async function signIn(ctx: Context<State>, account: Account, headers: Headers): Promise<Granted> {
  const { req, state: { chat, secure } } = ctx;
  const { secret, granted } = await open(ctx, account);
  if (!isCrossSite(req, chat.site.corsOrigins)) {
    clearGuestCookie(headers);
    setSessionCookie(headers, secure, secret, chat.sessions.lifetime);
  }
  return granted;
}

/** Opens a session for a program: the access token is all that it gets, so that it is nobody without it. */
export async function signInProgram(ctx: Context<State>, account: Account): Promise<Granted> {
  return (await open(ctx, account)).granted;
}

async function open({ req, state: { chat } }: Context<State>, account: Account) {
  const label = req.headers.get("user-agent")?.slice(0, LABEL_MAX) ?? "Unknown";
  const { secret, session } = await chat.sessions.open(account.id, label);
  return { secret, granted: await chat.tokens.sign({ account: account.id, session: session.id }) };
}

/**
 * Ends the session that asks, if one does.
 *
 * @param headers Of the answer; they take the cookies out of the browser, unless a page of another site asks, which could
 * otherwise sign a visitor out here.
 */
export async function signOut({ req, state }: Context<State>, headers: Headers): Promise<void> {
  const { chat, actor, secure } = state;
  if (!isCrossSite(req, chat.site.corsOrigins)) clearCookies(headers, secure);
  if (!actor?.session) return;
  try {
    await chat.sessions.end(actor.person, actor.session);
  } catch (error) {
    // Another request has ended it meanwhile.
    if (!(error instanceof ChatError && error.code === "not_found")) throw error;
  }
}
