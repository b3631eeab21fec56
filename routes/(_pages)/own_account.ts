/**
 * The reader's own account and its sessions.
 * @module
 */
import { UserAgent } from "@std/http";
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { State } from "@/lib/http/state.ts";
import type { Account, Session } from "@/lib/model/account.ts";
import { t } from "@/lib/ui/strings.ts";
import { shortTime } from "@/lib/ui/time.ts";
import { zoneOf } from "./page_context.ts";

/** Longest part of an unknown user agent that is shown, in UTF-16 units. */
const LABEL_SHOWN = 60;

/** A session as the page shows it. */
export interface ShownSession {
  readonly id: string;
  readonly label: string;
  readonly made: string;
  readonly used: string;
  readonly until: string | null;
  readonly scopes: Session["scopes"];
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** The reader's sessions of a kind: the current one, then the last used first. */
export async function ownSessions(ctx: Context<State>, kind: Session["kind"]): Promise<ShownSession[]> {
  const { chat, actor } = ctx.state, zone = zoneOf(ctx.req.headers);
  const sessions = await chat.sessions.list((await ownAccount(ctx)).id);
  return sessions.filter((session) => session.kind === kind).sort((one, other) =>
    Number(other.id === actor?.session) - Number(one.id === actor?.session)
  ).map(({ id, label, scopes, ...times }) => ({
    id,
    label: kind === "browser" ? browser(label) : label,
    made: shortTime(times.createdAt, zone),
    used: shortTime(times.seenAt, zone),
    until: times.expiresAt === null ? null : shortTime(times.expiresAt, zone),
    scopes,
    current: id === actor?.session,
  }));
}

/** "Firefox on Linux", or the user agent where that's unknown. */
function browser(label: string): string {
  const { browser, os } = new UserAgent(label);
  if (browser.name === undefined) return label.length > LABEL_SHOWN ? `${label.slice(0, LABEL_SHOWN)}…` : label;
  return os.name === undefined ? browser.name : t.account.on(browser.name, os.name);
}

/**
 * The reader's account.
 *
 * @throws {ChatError} `sign_in` without an account, or where it was just deleted; `forbidden` for a token that lacks the scope.
 */
export async function ownAccount({ state: { chat, actor } }: Context<State>): Promise<Account> {
  const account = await chat.accounts.get(chat.permissions.requireAccount(actor, "account").id);
  if (!account) throw new ChatError("sign_in", "This account was deleted.");
  return account;
}
