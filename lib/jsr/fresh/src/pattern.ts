/** Gives the parameters if the pattern fits the path, still percent-encoded, else null. */
export type PathMatcher = (pathname: string) => Record<string, string> | null;

const SPECIAL = /[:*?+{}()\\]/;
const LITERAL = /^[\w\-.~!$&'@,;=]*$/;
const PARAMETER = /^:([A-Za-z_$][\w$]*)([*?]?)$/;
const ESCAPED = /[.$]/g;
const SLASH_OR_NOT = /\{\/\}\?$/;

/** Whether the pattern stands for one path only. */
export function isExact(pattern: string): boolean {
  return !SPECIAL.test(pattern);
}

interface Piece {
  source: string;
  name?: string;
}

/** One step of a path as a regular expression, or null if it takes more than that to say. */
function pieceOf(part: string, isLast: boolean): Piece | null {
  if (LITERAL.test(part)) return { source: `/${part.replace(ESCAPED, "\\$&")}` };
  if (part === "*" && isLast) return { source: "/(.*)", name: "0" };
  const [, name, modifier] = PARAMETER.exec(part) ?? [];
  if (name === undefined) return null;
  if (modifier === "*") return { source: "(?:/([^/]+(?:/[^/]+)*))?", name };
  if (modifier === "?") return { source: "(?:/([^/]+))?", name };
  return { source: "/([^/]+)", name };
}

/**
 * `URLPattern` is the reference for what patterns mean, and about a hundred times slower than the regular expression that
 * says the same. Nearly all patterns of an app are made of plain steps, so those get the latter.
 */
function compileSimple(pattern: string): PathMatcher | null {
  const path = pattern.replace(SLASH_OR_NOT, "");
  const parts = path.slice(1).split("/");
  const pieces: Piece[] = [];
  for (const [index, part] of parts.entries()) {
    const piece = pieceOf(part, index === parts.length - 1);
    if (piece === null) return null;
    pieces.push(piece);
  }
  const names = pieces.flatMap(({ name }) => name ?? []);
  if (new Set(names).size !== names.length) return null;
  const end = path === pattern ? "$" : "/?$";
  const expression = new RegExp(`^${pieces.map(({ source }) => source).join("")}${end}`);
  return (pathname) => {
    const match = expression.exec(pathname);
    if (match === null) return null;
    const params: Record<string, string> = {};
    for (let i = 0; i < names.length; i++) params[names[i] ?? ""] = match[i + 1] ?? "";
    return params;
  };
}

/**
 * Compiles a path pattern in the syntax of `URLPattern`.
 *
 * @throws {TypeError} If it is malformed.
 */
export function compilePattern(pattern: string): PathMatcher {
  const simple = compileSimple(pattern);
  if (simple !== null) return simple;
  const expression = new URLPattern({ pathname: pattern });
  return (pathname) => {
    const match = expression.exec({ pathname });
    if (match === null) return null;
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.pathname.groups)) params[name] = value ?? "";
    return params;
  };
}
