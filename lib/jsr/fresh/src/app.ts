import { STATUS_TEXT } from "@std/http";
import type { BuildCache } from "./build_cache.ts";
import { type Chain, runChain } from "./chain.ts";
import { apply, below, type Command } from "./commands.ts";
import type { FreshConfig, ResolvedFreshConfig } from "./config.ts";
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import { fileCommands } from "./fs_routes.ts";
import type { LayoutConfig, MaybeLazy, MaybeLazyMiddleware, Middleware, Route, RouteConfig } from "./handlers.ts";
import { listen, type ListenOptions } from "./listen.ts";
import type { RouteComponent } from "./page/component.ts";
import { toRoute } from "./route.ts";
import { joinPaths, type Method, Router } from "./router.ts";
import { setBuildId } from "./runtime/build_id.ts";
import { Segment } from "./segment.ts";
import type { WebSocketHandlers, WebSocketUpgradeOptions } from "./websocket.ts";

/** Answers requests: for `Deno.serve`, or called as it is in a test. */
export type AppHandler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** Gives an app the result of a build. To be called before `handler()`. Only this package and built code call it. */
export let setBuildCache: <State>(
  app: App<State>,
  cache: BuildCache,
  mode: "development" | "production",
) => void;

const NO_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

/** What an app turns into once all of it is registered. */
interface Routing<State> {
  router: Router<Chain<State>>;
  /** What runs for requests that no route answers. */
  unmatched: Chain<State>;
  /** Answers missing pages when nothing else runs. */
  bareNotFound: Middleware<State> | null;
}

/** An app: middlewares and routes, put together by calls that can be chained. */
export class App<State> {
  /** The settings, complete. */
  config: ResolvedFreshConfig;

  #commands: Command<State>[] = [];
  #cache: () => BuildCache | null = () => null;

  static {
    setBuildCache = (app, cache, mode) => {
      app.config.root = cache.root;
      app.config.mode = mode;
      app.#cache = () => cache;
      setBuildId(cache.buildId);
    };
  }

  /**
   * Makes an app without routes.
   *
   * @param config The settings that differ from their defaults.
   */
  constructor(config: FreshConfig = {}) {
    const { basePath = "", mode = "production", trustProxy = false } = config;
    this.config = { root: ".", basePath, mode, trustProxy };
  }

  /** Adds middlewares for all routes that are registered later. */
  use(...middlewares: MaybeLazyMiddleware<State>[]): this;
  /** Adds middlewares for the routes below a path that are registered later. */
  use(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this;
  use(first: string | MaybeLazyMiddleware<State>, ...rest: MaybeLazyMiddleware<State>[]): this {
    const path = typeof first === "string" ? first : "*";
    const middlewares = typeof first === "string" ? rest : [first, ...rest];
    return this.#add({ type: "middleware", segment: path, pattern: path, middlewares });
  }

  /** Answers GET, and HEAD, at a path. */
  get(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("GET", path, middlewares);
  }

  /** Answers POST at a path. */
  post(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("POST", path, middlewares);
  }

  /** Answers PUT at a path. */
  put(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("PUT", path, middlewares);
  }

  /** Answers PATCH at a path. */
  patch(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("PATCH", path, middlewares);
  }

  /** Answers DELETE at a path. */
  delete(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("DELETE", path, middlewares);
  }

  /** Answers HEAD at a path. */
  head(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("HEAD", path, middlewares);
  }

  /** Answers every method at a path. */
  all(path: string, ...middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#handle("ALL", path, middlewares);
  }

  /** Opens WebSockets at a path. */
  ws(path: string, handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): this {
    return this.get(path, (ctx) => ctx.upgrade(handlers, options));
  }

  /** Adds a page or an endpoint, or a function that loads it at the first request. */
  route(path: string, route: MaybeLazy<Route<State>>, config: RouteConfig = {}): this {
    return this.#add({ type: "route", segment: path, pattern: path, route, config });
  }

  /** Draws the pages below a path inside a layout, if they are registered later. */
  layout(path: string, component: RouteComponent<State>, config: LayoutConfig = {}): this {
    return this.#add({ type: "layout", segment: path, pattern: path, component, config });
  }

  /** Draws all pages that are registered later inside a component, which usually holds `<html>`. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#add({ type: "app", component });
  }

  /** Answers every error with status 404. */
  notFound(routeOrMiddleware: Route<State> | Middleware<State>): this {
    return this.#add({ type: "notFound", route: toRoute(routeOrMiddleware) });
  }

  /** Answers errors of the routes below a path that are registered later, and for `*` those of unknown addresses. */
  onError(path: string, routeOrMiddleware: Route<State> | Middleware<State>): this {
    return this.#add({ type: "error", segment: path, pattern: path, route: toRoute(routeOrMiddleware) });
  }

  /** Adds the file routes of the build, below a path if one is given. */
  fsRoutes(pattern = "*"): this {
    const commands = () => fileCommands<State>(this.#cache()?.routes ?? []);
    return this.#add({ type: "files", segment: pattern, pattern, commands });
  }

  /** Adds all of another app below a path. Its `notFound` and its app wrapper become those of the whole. */
  mountApp(path: string, app: App<State>): this {
    app.#cache = () => this.#cache();
    const base = joinPaths(path, app.config.basePath || "/");
    for (const command of app.#commands) this.#add(below(base, command));
    return this;
  }

  /** Makes the function that answers requests. */
  handler(): AppHandler {
    const cache = this.#cache();
    // A build in memory loads its modules first, which takes until the first request.
    let routing = cache?.load === undefined ? this.#route() : null;
    return async (request, info = NO_INFO) => {
      if (routing === null) {
        await cache?.load?.();
        routing ??= this.#route();
      }
      return await this.#answer(request, info, routing, cache);
    };
  }

  /**
   * Serves the app: at the given port, else at the first free one from 8000 to 8019.
   *
   * @throws {Deno.errors.AddrInUse} If no port is free.
   */
  listen(options: ListenOptions = {}): Promise<void> {
    return Promise.try(() => listen(this.handler(), options, this.config.basePath));
  }

  #add(command: Command<State>): this {
    this.#commands.push(command);
    return this;
  }

  #handle(method: Method | "ALL", path: string, middlewares: MaybeLazyMiddleware<State>[]): this {
    return this.#add({ type: "handler", segment: path, pattern: path, method, middlewares });
  }

  #route(): Routing<State> {
    const root = new Segment<State>();
    const router = new Router<Chain<State>>();
    for (const command of this.#commands) apply(command, { root, router, basePath: this.config.basePath });
    return { router, unmatched: root.chain(), bareNotFound: root.middlewares.length === 0 ? root.notFound : null };
  }

  async #answer(
    req: Request,
    info: Deno.ServeHandlerInfo,
    { router, unmatched, bareNotFound }: Routing<State>,
    cache: BuildCache | null,
  ): Promise<Response> {
    const url = this.#urlOf(req);
    const match = router.match(req.method, url.pathname);
    const ctx = new Context<State>({
      req,
      url,
      info,
      cache,
      route: match?.pattern ?? null,
      params: match?.params ?? {},
      config: this.config,
      state: emptyState(),
    });
    try {
      const response = match === null && bareNotFound !== null ? await bareNotFound(ctx) : await runChain(
        ctx,
        match === null ? unmatched : match.item ?? this.#refusing(match.pattern, router, unmatched),
      );
      if (!(response instanceof Response)) throw new TypeError(`Expected a Response from a handler, got: ${response}`);
      return req.method === "HEAD" ? withoutBody(response) : response;
    } catch (error) {
      return plainError(error);
    }
  }

  /** What runs when the path has routes, but not for the method. */
  #refusing(pattern: string, router: Router<Chain<State>>, unmatched: Chain<State>): Chain<State> {
    const refuse: Middleware<State> = (ctx) => {
      if (ctx.req.method !== "OPTIONS") throw new HttpError(405);
      return new Response(null, { status: 204, headers: { allow: router.allowedMethods(pattern).join(", ") } });
    };
    return [...unmatched, refuse];
  }

  #urlOf(req: Request): URL {
    const url = new URL(req.url);
    if (url.pathname.includes("//")) url.pathname = url.pathname.replace(/\/{2,}/g, "/");
    if (!this.config.trustProxy) return url;
    const proto = req.headers.get("x-forwarded-proto");
    const host = req.headers.get("x-forwarded-host");
    if (proto === "http" || proto === "https") url.protocol = `${proto}:`;
    if (host) url.host = host;
    return url;
  }
}

/** The answer to HEAD; a body that nobody will read must not keep its source open. */
function withoutBody(response: Response): Response {
  response.body?.cancel();
  return new Response(null, response);
}

/** Every state begins empty: what the type promises is there once the middlewares ran. */
function emptyState<State>(): State {
  const state: Partial<State> = {};
  return state as State;
}

/** The answer to an error that nothing else answered. */
function plainError(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) console.error(error);
    return new Response(error.message || STATUS_TEXT[error.status], { status: error.status });
  }
  console.error(error);
  return new Response("Internal server error", { status: 500 });
}
