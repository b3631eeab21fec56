/**
 * What pages know about a request: who reads, in which time zone and theme, and where they were last.
 * @module
 */
import { type Context, HttpError } from "fresh";
import { setCookie } from "@std/http";
import type { Person } from "@/lib/model/person.ts";
import { cookie } from "@/lib/http/cookies.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import type { PageContext } from "@/lib/client/page_context.ts";
import { validZone } from "@/lib/ui/time.ts";

const ROOM_COOKIE = "hubbub_room";
const YEAR = 365 * 24 * 3600;
const THEME_COOKIE = "theme";
/** The sets of colours in `static/tokens.css`. */
export const THEMES = ["dark", "light", "violet", "contrast"] as const;

/** One of {@link THEMES}. */
export type Theme = typeof THEMES[number];

/** What a page's islands share. `people` are those on it who may have a picture. */
export async function pageContext(
  { req, state: { actor, chat } }: Context<State>,
  people: readonly Person[] = [],
): Promise<PageContext> {
  const user = actor?.person ?? null;
  return {
    user,
    zone: zoneOf(req.headers),
    now: Date.now(),
    managesRooms: chat.permissions.on(actor).createRooms,
    pictures: await picturesOf(chat, user ? [user, ...people] : people),
  };
}

/** The pictures of those who have one: the file's id by the person's. */
export async function picturesOf({ accounts }: Chat, people: readonly Person[]): Promise<Record<string, string>> {
  const ids = new Set(people.flatMap(({ id, guest }) => guest ? [] : [id]));
  const found = await accounts.getMany([...ids]);
  return Object.fromEntries(found.flatMap((account) => account?.avatar ? [[account.id, account.avatar]] : []));
}

/** The reader's time zone: the page leaves it in a cookie. */
export function zoneOf(headers: Headers): string {
  return validZone(cookie(headers, "tz"));
}

/** The theme of the cookie `theme`, or the default. */
export function themeOf(headers: Headers): Theme {
  const wanted = cookie(headers, THEME_COOKIE);
  return THEMES.find((theme) => theme === wanted) ?? "dark";
}

/** The id of the room that this browser showed last, or undefined. */
export function lastRoom(headers: Headers): string | undefined {
  const id = cookie(headers, ROOM_COOKIE);
  return id !== undefined && /^\d{1,15}$/.test(id) ? id : undefined;
}

/** Keeps a theme in the browser. */
export function keepTheme(headers: Headers, theme: Theme): void {
  setCookie(headers, { name: THEME_COOKIE, value: theme, path: "/", sameSite: "Lax", maxAge: YEAR });
}

/** Headers with the cookie that makes `/` lead to this room. */
export function keepLastRoom(room: number): Headers {
  const headers = new Headers();
  setCookie(headers, {
    name: ROOM_COOKIE,
    value: String(room),
    path: "/",
    sameSite: "Lax",
    httpOnly: true,
    maxAge: YEAR,
  });
  return headers;
}

/** A path of this site to go on to; one that could lead elsewhere becomes `/`. */
export function safeNext(next: string): string {
  return /^\/(?![/\\])/.test(next) && !/[\\\s]/.test(next) ? next : "/";
}

/** The HTTP status of an error page. */
export function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}
