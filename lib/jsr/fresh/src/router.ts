import { compilePattern, isExact, type PathMatcher } from "./pattern.ts";

/** The methods that routes are registered for. */
export const METHODS = ["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

/** One of the methods that routes are registered for. */
export type Method = typeof METHODS[number];

/** Whether routes can be registered for the method. */
export function isMethod(method: string): method is Method {
  return METHODS.some((known) => known === method);
}

/** What stands at one pattern. */
interface Entry<T> {
  pattern: string;
  methods: Map<string, T>;
}

interface PatternEntry<T> extends Entry<T> {
  match: PathMatcher;
}

/** What the router knows of a request. */
export interface RouteMatch<T> {
  /** The pattern that fits, whatever the method. */
  pattern: string;
  /** What the path's parameters say, decoded. */
  params: Record<string, string>;
  /** What is registered for the method; undefined if nothing is. */
  item: T | undefined;
}

const NO_SLASH = /(?<=.)\/$/;

/** Finds what is registered for a path: exact paths first, then patterns in the order of registration. */
export class Router<T> {
  #exact = new Map<string, Entry<T>>();
  #patterns: PatternEntry<T>[] = [];

  /** Registers an item; one that is there already stays. */
  add(method: Method, pattern: string, item: T): void {
    const { methods } = this.#entry(pattern);
    if (!methods.has(method)) methods.set(method, item);
  }

  /**
   * Finds the route of a path.
   *
   * @throws {TypeError} If the method is none that routes can be registered for.
   * @throws {URIError} If a parameter has a malformed percent escape.
   */
  match(method: string, pathname: string): RouteMatch<T> | null {
    if (!isMethod(method)) throw new TypeError(`Cannot route a request with the unknown method "${method}"`);
    const exact = this.#exact.get(pathname.replace(NO_SLASH, ""));
    if (exact !== undefined) return { pattern: exact.pattern, params: {}, item: pick(exact, method) };
    for (const entry of this.#patterns) {
      const params = entry.match(pathname);
      if (params === null) continue;
      for (const name in params) params[name] = decodeURI(params[name] ?? "");
      return { pattern: entry.pattern, params, item: pick(entry, method) };
    }
    return null;
  }

  /** The methods that a pattern answers. */
  allowedMethods(pattern: string): string[] {
    const entry = this.#exact.get(pattern.replace(NO_SLASH, "")) ??
      this.#patterns.find((candidate) => candidate.pattern === pattern);
    return entry === undefined ? [] : [...entry.methods.keys()];
  }

  #entry(pattern: string): Entry<T> {
    if (isExact(pattern)) {
      const path = pattern.replace(NO_SLASH, "");
      const entry = this.#exact.get(path) ?? { pattern, methods: new Map() };
      this.#exact.set(path, entry);
      return entry;
    }
    const known = this.#patterns.find((candidate) => candidate.pattern === pattern);
    if (known !== undefined) return known;
    const entry = { pattern, methods: new Map<string, T>(), match: compilePattern(pattern) };
    this.#patterns.push(entry);
    return entry;
  }
}

function pick<T>({ methods }: Entry<T>, method: Method): T | undefined {
  return methods.get(method) ?? (method === "HEAD" ? methods.get("GET") : undefined);
}

/** Puts two paths together with one slash between; `*` and `/*` at the end of the first stand for all that follows. */
export function joinPaths(base: string, path: string): string {
  const start = base.replace(/\/?\*$/, "").replace(/\/$/, "");
  const rest = path === "*" || path === "/*" ? "" : path.replace(/^\//, "");
  return rest === "" ? start || "/" : `${start}/${rest}`;
}
