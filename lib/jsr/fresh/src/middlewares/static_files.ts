import type { StaticFile } from "../build_cache.ts";
import { buildOf } from "../context.ts";
import type { Middleware } from "../handlers.ts";
import { ASSET_CACHE_BUST_KEY } from "../runtime/asset.ts";

const NEVER = "no-cache, no-store, max-age=0, must-revalidate";
const FOREVER = "public, max-age=31536000, immutable";

function release({ body }: StaticFile): void {
  if (body instanceof ReadableStream) body.cancel();
}

/**
 * A middleware that serves the static files of the build. URLs that name the build are cacheable forever, others are not
 * cacheable. URLs that name another build are redirected to the URL without it.
 */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { req, url } = ctx;
    const cache = buildOf(ctx);
    const file = await cache?.readFile(url.pathname);
    if (!cache || !file) return await ctx.next();

    if (req.method !== "GET" && req.method !== "HEAD") {
      release(file);
      return new Response("Method Not Allowed", { status: 405 });
    }
    const asked = url.searchParams.get(ASSET_CACHE_BUST_KEY);
    if (asked !== null && asked !== cache.buildId) {
      release(file);
      url.searchParams.delete(ASSET_CACHE_BUST_KEY);
      return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
    }

    const lasting = cache.mode === "production" &&
      (asked !== null || url.pathname.startsWith(`/_fresh/js/${cache.buildId}/`));
    const headers = new Headers({
      "content-type": file.contentType,
      vary: "If-None-Match",
      "cache-control": lasting ? FOREVER : NEVER,
    });
    if (file.hash !== null) {
      const etag = `W/"${file.hash}"`;
      headers.set("etag", etag);
      if (req.headers.get("if-none-match") === etag) {
        release(file);
        return new Response(null, { status: 304, headers });
      }
    }
    headers.set("content-length", String(file.size));
    if (req.method === "GET") return new Response(file.body, { headers });
    release(file);
    return new Response(null, { headers });
  };
}
