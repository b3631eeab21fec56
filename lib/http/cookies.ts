/**
 * Cookies: reading them as browsers send them, and those of sessions and guests.
 * @module
 */
import { type Cookie, deleteCookie, getCookies, setCookie } from "@std/http";

/** Name of the cookie that holds a guest's token. */
export const GUEST_COOKIE = "hubbub_guest";
/** Names of the cookie that holds a session's secret: by HTTPS, where no other host can set it, and by plain HTTP. */
export const SESSION_COOKIES = ["__Host-hubbub_session", "hubbub_session"] as const;

const GUEST_DAYS = 30;

/** The value of a cookie, or undefined. A stray `;` or a nameless part, which `getCookies` throws on, is skipped. */
export function cookie(headers: Headers, name: string): string | undefined {
  const sent = headers.get("cookie");
  if (sent === null) return undefined;
  const wellFormed = sent.split(";").filter((part) => /^\s*[^=\s]+=/.test(part)).join(";");
  if (wellFormed === "") return undefined;
  return getCookies(new Headers({ cookie: wellFormed }))[name];
}

/** Sets the cookie with a guest's token. */
export function setGuestCookie(headers: Headers, secure: boolean, token: string): void {
  setCookie(headers, { ...guarded(secure), name: GUEST_COOKIE, value: token, maxAge: GUEST_DAYS * 24 * 3600 });
}

/** Sets the cookie with a session's secret, for `lifetime` milliseconds. */
export function setSessionCookie(headers: Headers, secure: boolean, secret: string, lifetime: number): void {
  const name = SESSION_COOKIES[secure ? 0 : 1];
  setCookie(headers, { ...guarded(secure), name, value: secret, maxAge: Math.floor(lifetime / 1000) });
}

/** Clears the cookies of a session and a guest. */
export function clearCookies(headers: Headers, secure: boolean): void {
  deleteCookie(headers, SESSION_COOKIES[secure ? 0 : 1], { path: "/", secure });
  clearGuestCookie(headers);
}

/** Clears the cookie of a guest. */
export function clearGuestCookie(headers: Headers): void {
  deleteCookie(headers, GUEST_COOKIE, { path: "/" });
}

/** Attributes that keep a cookie on this site and away from scripts. */
function guarded(secure: boolean): Pick<Cookie, "path" | "httpOnly" | "sameSite" | "secure"> {
  return { path: "/", httpOnly: true, sameSite: "Lax", secure };
}
