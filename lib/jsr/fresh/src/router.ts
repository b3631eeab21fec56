import { compilePattern, isExact, type PathMatcher } from "./pattern.ts";

/** The result of a search for the route of a path. */
export interface RouteMatch<T> {
  /** The values of the path's parameters, decoded. */
  params: Record<string, string>;
  /** The registered item. */
  item: T;
}

const LAST_SLASH = /(?<=.)\/$/;

/** A table of items by URL pattern. Exact paths come before patterns, and patterns are tried in their order. */
export class Router<T> {
  #exact = new Map<string, T>();
  #patterns: { match: PathMatcher; item: T }[] = [];

  /** Registers an item, unless the exact path has one already. */
  add(pattern: string, item: T): void {
    if (!isExact(pattern)) this.#patterns.push({ match: compilePattern(pattern), item });
    else {
      const path = pattern.replace(LAST_SLASH, "");
      if (!this.#exact.has(path)) this.#exact.set(path, item);
    }
  }

  /**
   * Finds the item for a path. Exact paths match with and without a slash at the end.
   *
   * @throws {URIError} If a parameter has a malformed percent escape.
   */
  match(pathname: string): RouteMatch<T> | null {
    const item = this.#exact.get(pathname.replace(LAST_SLASH, ""));
    if (item !== undefined) return { params: {}, item };
    for (const { match, item } of this.#patterns) {
      const params = match(pathname);
      if (params === null) continue;
      for (const name in params) params[name] = decodeURI(params[name] ?? "");
      return { params, item };
    }
    return null;
  }
}
