/**
 * Cookies: reading what browsers really send, and the one that holds a guest's name.
 * @module
 */
import { getCookies, setCookie } from "@std/http";

/** Name of the cookie that holds a guest's token. */
export const GUEST_COOKIE = "hubbub_guest";

const GUEST_DAYS = 30;

/** The value of a cookie, or undefined. A stray `;` or a nameless part, which `getCookies` throws on, is passed over. */
export function cookie(headers: Headers, name: string): string | undefined {
  const sent = headers.get("cookie");
  if (sent === null) return undefined;
  const wellFormed = sent.split(";").filter((part) => /^\s*[^=\s]+=/.test(part)).join(";");
  if (wellFormed === "") return undefined;
  return getCookies(new Headers({ cookie: wellFormed }))[name];
}

/** Keeps a guest's token in the browser, for this site alone and out of reach of scripts. */
export function setGuestCookie(headers: Headers, request: Request, token: string): void {
  setCookie(headers, {
    name: GUEST_COOKIE,
    value: token,
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(request.url).protocol === "https:",
    maxAge: GUEST_DAYS * 24 * 3600,
  });
}
