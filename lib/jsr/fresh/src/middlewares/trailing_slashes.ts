import type { Middleware } from "../handlers.ts";

/** Sends addresses to the form with a slash at their end, or to the one without it. */
export function trailingSlashes<State>(mode: "always" | "never"): Middleware<State> {
  return async (ctx) => {
    const { pathname, search } = ctx.url;
    if (pathname === "/" || pathname === ctx.config.basePath) return await ctx.next();
    const hasSlash = pathname.endsWith("/");
    if (mode === "never" && hasSlash) return ctx.redirect(pathname.slice(0, -1) + search);
    const isFile = /\.[^/]+$/.test(pathname);
    if (mode === "always" && !hasSlash && !isFile) return ctx.redirect(`${pathname}/${search}`);
    return await ctx.next();
  };
}
