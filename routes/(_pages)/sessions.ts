/**
 * Sessions as a page shows them.
 * @module
 */
import { UserAgent } from "@std/http";
import type { Context } from "fresh";
import { t } from "@/lib/ui/strings.ts";
import { shortTime } from "@/lib/ui/time.ts";
import type { State } from "@/lib/http/state.ts";
import type { Session } from "@/lib/model/account.ts";
import { ownAccount } from "./own_account.ts";
import { zoneOf } from "./page_context.ts";

/** Of what a browser calls itself this much is shown, where nothing better is known. */
const LABEL_SHOWN = 60;

/** A session in words. */
export interface ShownSession {
  readonly id: string;
  readonly label: string;
  readonly made: string;
  readonly used: string;
  readonly until: string | null;
  readonly scopes: Session["scopes"];
  /** It is the one that asks. */
  readonly current: boolean;
}

/** The actor's own sessions of a kind: the one that asks, then the last used first. */
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

/** "Firefox on Linux", or what the browser calls itself where that is all there is. */
function browser(label: string): string {
  const { browser, os } = new UserAgent(label);
  if (browser.name === undefined) return label.length > LABEL_SHOWN ? `${label.slice(0, LABEL_SHOWN)}…` : label;
  return os.name === undefined ? browser.name : t.account.on(browser.name, os.name);
}
