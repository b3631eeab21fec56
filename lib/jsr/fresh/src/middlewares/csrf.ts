import type { Context } from "../context.ts";
import { HttpError } from "../error.ts";
import type { Middleware } from "../handlers.ts";

/** Which sites may change something here. */
export interface CsrfOptions<State = unknown> {
  /** The origins beside the app's own: one, several, or a function that decides. */
  origin?: string | string[] | ((origin: string, ctx: Context<State>) => boolean);
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

function isAllowed<State>(origin: string, { origin: allowed }: CsrfOptions<State>, ctx: Context<State>): boolean {
  if (typeof allowed === "function") return allowed(origin, ctx);
  if (Array.isArray(allowed)) return allowed.includes(origin);
  return origin === (allowed ?? ctx.url.origin);
}

/** Refuses requests of other sites that would change something, with status 403. */
export function csrf<State>(options: CsrfOptions<State> = {}): Middleware<State> {
  return async (ctx) => {
    const { method, headers } = ctx.req;
    if (SAFE.has(method)) return await ctx.next();
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    // Browsers send at least one of the two, so what has neither is no browser and carries nobody's cookies unasked.
    if (site === null && origin === null) return await ctx.next();
    if (site === "same-origin" || site === "none") return await ctx.next();
    if (origin !== null && isAllowed(origin, options, ctx)) return await ctx.next();
    throw new HttpError(403);
  };
}
