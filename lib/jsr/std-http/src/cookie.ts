/** A cookie as a server sets it. */
export interface Cookie {
  /** Its name: an HTTP token. */
  name: string;
  /** Its value: printable ASCII without space, quote, comma, semicolon and backslash. */
  value: string;
  /** When it ends: a date or milliseconds since 1970. */
  expires?: Date | number;
  /** After how many seconds it ends; from 0. */
  maxAge?: number;
  /** The host that gets it back, subdomains included. */
  domain?: string;
  /** The path under which it is sent back. */
  path?: string;
  /** Sent over https only. */
  secure?: boolean;
  /** Hidden from scripts. */
  httpOnly?: boolean;
  /** Kept apart for each site that embeds this one. */
  partitioned?: boolean;
  /** Whether requests begun by other sites carry it. */
  sameSite?: "Strict" | "Lax" | "None";
  /** Attributes as they are written, such as `Priority=High`. */
  unparsed?: string[];
}

const NAME = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const ATTRIBUTE_END = /[\p{Cc};]/u;

function checkName(name: string): void {
  if (name !== "" && !NAME.test(name)) {
    throw new SyntaxError(
      `Cannot write a cookie as its name is invalid: "${name}"`,
    );
  }
}

function checkValue(name: string, value: string): void {
  if (!VALUE.test(value)) {
    throw new SyntaxError(
      `Cannot write cookie "${name}" as its value has a character that is not allowed: "${value}"`,
    );
  }
}

function checkAttribute(name: string, attribute: string, value: string): void {
  if (ATTRIBUTE_END.test(value)) {
    throw new SyntaxError(
      `Cannot write cookie "${name}" as its ${attribute} has a control character or ";"`,
    );
  }
}

/** The prefixes of a name promise attributes, so they are filled in rather than left for the browser to refuse. */
function withPrefixRules(cookie: Cookie): Cookie {
  if (cookie.name.startsWith("__Host-")) {
    return { ...cookie, secure: true, path: "/", domain: undefined };
  }
  if (cookie.name.startsWith("__Secure-")) return { ...cookie, secure: true };
  return cookie;
}

function serialize(given: Cookie): string {
  const cookie = withPrefixRules(given);
  const { name, value, domain, path, maxAge, expires, unparsed = [] } = cookie;
  checkName(name);
  checkValue(name, value);
  const parts = [`${name}=${value}`];
  if (cookie.secure) parts.push("Secure");
  if (cookie.httpOnly) parts.push("HttpOnly");
  if (cookie.partitioned) parts.push("Partitioned");
  if (maxAge !== undefined) {
    if (!Number.isInteger(maxAge) || maxAge < 0) {
      throw new RangeError(
        `Cannot write cookie "${name}" as maxAge must be a whole number from 0: it is ${maxAge}`,
      );
    }
    parts.push(`Max-Age=${maxAge}`);
  }
  if (domain) {
    checkAttribute(name, "domain", domain);
    if (/^-|[.-]$/.test(domain)) {
      throw new SyntaxError(
        `Cannot write cookie "${name}" as its domain is "${domain}"`,
      );
    }
    parts.push(`Domain=${domain}`);
  }
  if (cookie.sameSite) parts.push(`SameSite=${cookie.sameSite}`);
  if (path) {
    checkAttribute(name, "path", path);
    parts.push(`Path=${path}`);
  }
  if (expires !== undefined) {
    parts.push(`Expires=${new Date(expires).toUTCString()}`);
  }
  return [...parts, ...unparsed].join("; ");
}

/**
 * The cookies that a request carries, by name, in an object without a prototype. Values are given as they were sent.
 *
 * @throws {SyntaxError} If a pair of the header has no name.
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
 * @throws {SyntaxError} If the name, the value, the domain or the path has a character that it may not have.
 * @throws {RangeError} If `maxAge` is negative or no whole number.
 */
export function setCookie(headers: Headers, cookie: Cookie): void {
  headers.append("Set-Cookie", serialize(cookie));
}

/**
 * Adds a `Set-Cookie` header that ends a cookie, which must be named with the path and domain it was set with.
 *
 * @throws {SyntaxError} If the name, the domain or the path has a character that it may not have.
 */
export function deleteCookie(
  headers: Headers,
  name: string,
  attributes?: Pick<
    Cookie,
    "path" | "domain" | "secure" | "httpOnly" | "partitioned"
  >,
): void {
  setCookie(headers, { ...attributes, name, value: "", expires: new Date(0) });
}

function isSameSite(value: string): value is "Strict" | "Lax" | "None" {
  return value === "Strict" || value === "Lax" || value === "None";
}

function applyAttribute(cookie: Cookie, text: string): void {
  const [key = "", ...rest] = text.split("=");
  const value = rest.join("=").trim();
  switch (key.trim().toLowerCase()) {
    case "expires":
      cookie.expires = new Date(value);
      break;
    case "max-age":
      cookie.maxAge = Number(value);
      break;
    case "domain":
      cookie.domain = value;
      break;
    case "path":
      cookie.path = value;
      break;
    case "secure":
      cookie.secure = true;
      break;
    case "httponly":
      cookie.httpOnly = true;
      break;
    case "partitioned":
      cookie.partitioned = true;
      break;
    case "samesite":
      if (isSameSite(value)) cookie.sameSite = value;
      break;
    default:
      (cookie.unparsed ??= []).push(text);
  }
}

function parseSetCookie(header: string): Cookie {
  const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
  const at = pair.indexOf("=");
  const cookie: Cookie = at === -1
    ? { name: "", value: pair }
    : { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
  for (const attribute of attributes) applyAttribute(cookie, attribute);
  return cookie;
}

/** The cookies that a response sets, in the order of its `Set-Cookie` headers. */
export function getSetCookies(headers: Headers): Cookie[] {
  return headers.getSetCookie().map(parseSetCookie);
}
