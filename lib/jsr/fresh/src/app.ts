import { STATUS_TEXT } from "@std/http";
import type { BuildCache } from "./build_cache.ts";
import { type Chain, runChain } from "./chain.ts";
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import { type FileRoutes, fileRoutes } from "./fs_routes.ts";
import type { Middleware } from "./handlers.ts";
import { isMethod } from "./method.ts";
import { drawError } from "./route.ts";
import { Router } from "./router.ts";
import { setBuildId } from "./runtime/build_id.ts";

/** A function that answers requests, for `Deno.serve`. */
export type AppHandler = (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;

/** Sets the build that an app serves, before the call of `handler()`. Internal to this package and to generated code. */
export let setBuildCache: <State>(app: App<State>, cache: BuildCache) => void;

/** The routes of an app in the form in which requests are answered. */
interface Routing<State> {
  files: FileRoutes<State> | null;
  router: Router<Chain<State>>;
  /** The chain for requests without a route. */
  unmatched: Chain<State>;
}

/** A web app: middlewares, and routes from files. */
export class App<State> {
  #middlewares: Middleware<State>[] = [];
  #hasFileRoutes = false;
  #cache: BuildCache | null = null;

  static {
    setBuildCache = (app, cache) => {
      app.#cache = cache;
      setBuildId(cache.buildId);
    };
  }

  /** Adds a middleware that runs for all requests, after the middlewares that were added before. */
  use(middleware: Middleware<State>): this {
    this.#middlewares.push(middleware);
    return this;
  }

  /** Adds the file routes of the build. */
  fsRoutes(): this {
    this.#hasFileRoutes = true;
    return this;
  }

  /** Makes the function that answers requests. */
  handler(): AppHandler {
    const routing = this.#route();
    return (request, info) => this.#answer(request, info, routing);
  }

  #route(): Routing<State> {
    const router = new Router<Chain<State>>();
    const files = this.#hasFileRoutes && this.#cache !== null ? fileRoutes<State>(this.#cache) : null;
    for (const { pattern, chain } of files?.routes ?? []) router.add(pattern, [...this.#middlewares, ...chain]);
    return { files, router, unmatched: [...this.#middlewares, ...files?.middlewares ?? []] };
  }

  async #answer(req: Request, info: Deno.ServeHandlerInfo, { files, router, unmatched }: Routing<State>) {
    const { method } = req;
    if (!isMethod(method)) throw new TypeError(`Cannot route a request with the unknown method "${method}"`);
    const url = urlOf(req);
    const match = router.match(url.pathname);
    const ctx = new Context<State>({ req, url, info, cache: this.#cache, params: match?.params ?? {} });
    try {
      const response = await respond(ctx, match?.item ?? unmatched, files);
      if (!(response instanceof Response)) throw new TypeError(`Expected a Response from a handler, got: ${response}`);
      return method === "HEAD" ? withoutBody(response) : response;
    } catch (error) {
      return plainError(error);
    }
  }
}

/** The URL of a request; repeated slashes count as one. */
function urlOf(req: Request): URL {
  const url = new URL(req.url);
  if (url.pathname.includes("//")) url.pathname = url.pathname.replace(/\/{2,}/g, "/");
  return url;
}

/** Runs a chain, and renders the error page if it throws. */
async function respond<State>(
  ctx: Context<State>,
  chain: Chain<State>,
  files: FileRoutes<State> | null,
): Promise<Response> {
  try {
    return await runChain(ctx, chain);
  } catch (error) {
    if (files === null || files.errorPage === null) throw error;
    ctx.error = error;
    return drawError(ctx, files.frame, files.errorPage, error instanceof HttpError ? error.status : 500);
  }
}

/** The response to HEAD. The unread body is canceled, which releases its source. */
function withoutBody(response: Response): Response {
  response.body?.cancel();
  return new Response(null, response);
}

/** The response to an error without an error page. */
function plainError(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) console.error(error);
    return new Response(error.message || STATUS_TEXT[error.status], { status: error.status });
  }
  console.error(error);
  return new Response("Internal server error", { status: 500 });
}
