/**
 * What pages know about a visit: who reads, in which time zone and theme, and where they were last.
 * @module
 */
import type { Context } from "fresh";
import { setCookie } from "@std/http";
import { accountOf } from "@/lib/chat/policy.ts";
import { cookie } from "@/lib/http/cookies.ts";
import type { State } from "@/lib/http/state.ts";
import type { Visit } from "@/lib/client/live.ts";
import { validZone } from "@/lib/client/time.ts";

const ROOM_COOKIE = "hubbub_room";
const YEAR = 365 * 24 * 3600;
const THEMES = ["dark", "light", "violet", "contrast"] as const;

/** Name of a set of colours in `static/tokens.css`. */
export type Theme = typeof THEMES[number];

/** What the islands of a page are told. */
export function visitOf({ req, state: { asker, chat } }: Context<State>): Visit {
  const managesRooms = chat.policy.guests === "full" || accountOf(asker) !== null;
  return { user: asker?.person ?? null, zone: zoneOf(req.headers), now: Date.now(), managesRooms };
}

/** The reader's time zone: the page leaves it in a cookie. */
function zoneOf(headers: Headers): string {
  return validZone(cookie(headers, "tz"));
}

/** The theme of the cookie `theme`, or the default. */
export function themeOf(headers: Headers): Theme {
  const wanted = cookie(headers, "theme");
  return THEMES.find((theme) => theme === wanted) ?? "dark";
}

/** The id of the room that this browser showed last, or undefined. */
export function lastRoom(headers: Headers): string | undefined {
  const id = cookie(headers, ROOM_COOKIE);
  return id !== undefined && /^\d{1,15}$/.test(id) ? id : undefined;
}

/** Headers that make a room the one that `/` leads to. */
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

/** A path of this site to go on to; what could lead elsewhere becomes the front door. */
export function safeNext(next: string): string {
  return /^\/(?![/\\])/.test(next) && !/[\\\s]/.test(next) ? next : "/";
}
