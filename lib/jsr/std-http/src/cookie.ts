/** A cookie as a response sets it. */
export interface Cookie {
  /** The name, an HTTP token. */
  name: string;
  /** The value: printable ASCII except space, quote, comma, semicolon and backslash. */
  value: string;
  /** The time at which the cookie expires. */
  expires?: Date;
  /** The lifetime in seconds, a whole number from 0. */
  maxAge?: number;
  /** The path that the requests have to start with. */
  path?: string;
  /** Whether the browser sends the cookie over HTTPS only. */
  secure?: boolean;
  /** Whether the cookie is hidden from scripts. */
  httpOnly?: boolean;
  /** Whether requests that other sites start carry the cookie. */
  sameSite?: "Strict" | "Lax" | "None";
}

const NAME = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const ATTRIBUTE_END = /[\p{Cc};]/u;

function check({ name, value, maxAge, path = "" }: Cookie): void {
  if (name !== "" && !NAME.test(name)) {
    throw new SyntaxError(`Cannot write a cookie as its name is invalid: "${name}"`);
  }
  if (!VALUE.test(value)) {
    throw new SyntaxError(
      `Cannot write cookie "${name}" as its value has a character that is not allowed: "${value}"`,
    );
  }
  if (maxAge !== undefined && (!Number.isInteger(maxAge) || maxAge < 0)) {
    throw new RangeError(`Cannot write cookie "${name}" as maxAge must be a whole number from 0: it is ${maxAge}`);
  }
  if (ATTRIBUTE_END.test(path)) {
    throw new SyntaxError(`Cannot write cookie "${name}" as its path has a control character or ";"`);
  }
}

function serialize(cookie: Cookie): string {
  check(cookie);
  const { name, value, path, maxAge, expires } = cookie;
  const parts = [`${name}=${value}`];
  if (cookie.secure) parts.push("Secure");
  if (cookie.httpOnly) parts.push("HttpOnly");
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`);
  if (cookie.sameSite) parts.push(`SameSite=${cookie.sameSite}`);
  if (path) parts.push(`Path=${path}`);
  if (expires !== undefined) parts.push(`Expires=${expires.toUTCString()}`);
  return parts.join("; ");
}

/**
 * The cookies of a request by name, in an object without a prototype. Their values are not decoded.
 *
 * @throws {SyntaxError} If a cookie in the header has no name.
 */
export function getCookies(headers: Headers): Partial<Record<string, string>> {
  const cookies: Partial<Record<string, string>> = Object.create(null);
  const header = headers.get("cookie");
  if (header === null) return cookies;
  for (const pair of header.split(";")) {
    const [name = "", ...value] = pair.split("=");
    const key = name.trim();
    if (key === "") {
      throw new SyntaxError(
        "Cannot read the Cookie header as a cookie in it has no name",
      );
    }
    cookies[key] = value.join("=");
  }
  return cookies;
}

/**
 * Adds a `Set-Cookie` header.
 *
 * @throws {SyntaxError} If the name, the value or the path contains an invalid character.
 * @throws {RangeError} If `maxAge` is negative or not a whole number.
 */
export function setCookie(headers: Headers, cookie: Cookie): void {
  headers.append("Set-Cookie", serialize(cookie));
}

/**
 * Adds a `Set-Cookie` header that deletes a cookie. The path must be the one that the cookie was set with.
 *
 * @throws {SyntaxError} If the name or the path contains an invalid character.
 */
export function deleteCookie(headers: Headers, name: string, attributes?: Pick<Cookie, "path" | "secure">): void {
  setCookie(headers, { ...attributes, name, value: "", expires: new Date(0) });
}
