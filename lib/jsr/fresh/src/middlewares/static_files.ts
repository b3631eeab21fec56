import { internalsOf } from "../context.ts";
import type { StaticFile } from "../build_cache.ts";
import type { Middleware } from "../handlers.ts";
import { ASSET_CACHE_BUST_KEY } from "../runtime/asset.ts";

const NEVER = "no-cache, no-store, max-age=0, must-revalidate";
const FOREVER = "public, max-age=31536000, immutable";

/** The path below the base path of the app. */
function localPath(pathname: string, basePath: string): string {
  return basePath !== "" && pathname.startsWith(basePath) ? pathname.slice(basePath.length) || "/" : pathname;
}

function release({ body }: StaticFile): void {
  if (body instanceof ReadableStream) body.cancel();
}

/**
 * Serves the static files of the build. Addresses that name the build may be cached for good, all others never; those that
 * name another build are sent to the address without it.
 */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { req, url, config } = ctx;
    const { cache } = internalsOf(ctx);
    if (cache === null) return await ctx.next();
    const pathname = localPath(url.pathname, config.basePath);
    const file = await cache.readFile(pathname);
    if (file === null) return await ctx.next();

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

    const lasting = config.mode === "production" &&
      (asked !== null || pathname.startsWith(`/_fresh/js/${cache.buildId}/`));
    const headers = new Headers({
      "content-type": file.contentType,
      vary: "If-None-Match",
      "cache-control": lasting ? FOREVER : NEVER,
    });
    if (file.hash !== null && config.mode === "production") {
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
