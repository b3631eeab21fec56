import type { BuildCache } from "./build_cache.ts";

/** Returns the build that the app of a context serves, or null if it has none. Internal to this package. */
export let buildOf: <State>(ctx: Context<State>) => BuildCache | null;

/** The initial values of a context. */
export interface ContextInit {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  params: Record<string, string>;
  cache: BuildCache | null;
}

/** Collapses repeated slashes in a path, since several at its start would name another host. */
function collapseSlashes(target: string): string {
  if (!target.startsWith("/")) return target;
  const end = target.search(/[?#]/);
  const path = end === -1 ? target : target.slice(0, end);
  return path.replace(/\/{2,}/g, "/") + target.slice(path.length);
}

/** The context of a request, which middlewares and handlers receive. */
export class Context<State> {
  /** The request. */
  readonly req: Request;
  /** The parsed URL of the request. */
  readonly url: URL;
  /** The connection that the request arrived on. */
  readonly info: Deno.ServeHandlerInfo;
  /** The values of the route's parameters, decoded like a URI; a repeated one that matches nothing is an empty string. */
  readonly params: Record<string, string>;
  /** The values that middlewares pass to later middlewares and to handlers. */
  state: State;
  /** The error that the error page describes, null on other pages. */
  error: unknown = null;
  /** Runs the next middleware or, after the last one, the handler. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Cannot go on as nothing comes next"));

  #cache: BuildCache | null;

  static {
    buildOf = (ctx) => ctx.#cache;
  }

  /** @param init The initial values. */
  constructor(init: ContextInit) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.params = init.params;
    this.#cache = init.cache;
    this.state = emptyState();
  }

  /** A redirect to a path or URL. */
  redirect(pathOrUrl: string, status = 302): Response {
    return new Response(null, { status, headers: { location: collapseSlashes(pathOrUrl) } });
  }
}

/** An empty object as the initial state; the middlewares add the properties that the type declares. */
function emptyState<State>(): State {
  const state: Partial<State> = {};
  return state as State;
}
