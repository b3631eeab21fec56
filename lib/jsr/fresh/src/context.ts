import type { ComponentChildren } from "preact";
import type { BuildCache } from "./build_cache.ts";
import type { ResolvedFreshConfig } from "./config.ts";
import type { LayoutConfig } from "./handlers.ts";
import { drawComponent, type Drawn, type RouteComponent } from "./page/component.ts";
import { drawPage } from "./page/document.ts";
import {
  attachSocket,
  type Upgrade,
  upgradeSocket,
  type WebSocketHandlers,
  type WebSocketUpgradeOptions,
} from "./websocket.ts";

/** The layouts and the app wrapper that apply where a request is answered. */
export interface Frame<State> {
  /** What the whole page is drawn inside of. */
  app: RouteComponent<State> | null;
  /** The layouts, outermost first. */
  layouts: readonly RouteComponent<State>[];
}

/** What the rest of the package keeps with a context, out of the sight of handlers. */
export interface ContextInternals<State> {
  /** What pages are drawn inside of here. */
  frame: Frame<State>;
  /** The build of the app. */
  cache: BuildCache | null;
  /** Style sheets that the route asks for. */
  css: string[];
}

/** Gives the internals of a context. Only this package calls it. */
export let internalsOf: <State>(ctx: Context<State>) => ContextInternals<State>;

/** What a context is made of. */
export interface ContextInit<State> {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  route: string | null;
  params: Record<string, string>;
  config: ResolvedFreshConfig;
  cache: BuildCache | null;
  state: State;
}

const HTML = "text/html; charset=utf-8";

/** Several slashes at the start of a path would name another host. */
function collapseSlashes(target: string): string {
  if (!target.startsWith("/")) return target;
  const end = target.search(/[?#]/);
  const path = end === -1 ? target : target.slice(0, end);
  return path.replace(/\/{2,}/g, "/") + target.slice(path.length);
}

function toStream(
  source: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(source).pipeThrough(
    new TransformStream<string | Uint8Array, Uint8Array>({
      transform: (chunk, controller) => controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk),
    }),
  );
}

/** One request on its way through middlewares and handlers. */
export class Context<State> {
  /** The request. */
  readonly req: Request;
  /** Its address, parsed. */
  readonly url: URL;
  /** Where it came from. */
  readonly info: Deno.ServeHandlerInfo;
  /** The pattern of the route, or null if there is none. */
  readonly route: string | null;
  /** What the parameters of the pattern stand for; an optional one that is missing is an empty string. */
  readonly params: Record<string, string>;
  /** The settings of the app. */
  readonly config: ResolvedFreshConfig;
  /** What middlewares leave for those behind them. */
  state: State;
  /** What was thrown, for error pages; null before. */
  error: unknown = null;
  /** Whether only a part of the page is wanted. */
  readonly isPartial: boolean;
  /** Goes on with the next middleware, at last with the handler. */
  next: () => Promise<Response> = () => Promise.reject(new Error("Cannot go on as nothing comes next"));

  #internals: ContextInternals<State>;

  static {
    internalsOf = (ctx) => ctx.#internals;
  }

  /** Only the app makes contexts. */
  constructor(init: ContextInit<State>) {
    this.req = init.req;
    this.url = init.url;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this.config = init.config;
    this.state = init.state;
    this.isPartial = init.url.search !== "" && init.url.searchParams.has("fresh-partial");
    this.#internals = { frame: { app: null, layouts: [] }, cache: init.cache, css: [] };
  }

  /** Sends the client elsewhere. A path is taken as it is: no base path is put before it. */
  redirect(pathOrUrl: string, status = 302): Response {
    return new Response(null, { status, headers: { location: collapseSlashes(pathOrUrl) } });
  }

  /**
   * Answers with a page: the given content inside the layouts and the app wrapper that apply here.
   *
   * @throws What the components throw.
   */
  async render(
    vnode: ComponentChildren,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    const { frame, cache, css } = this.#internals;
    const layouts = config.skipInheritedLayouts ? [] : frame.layouts;
    const app = config.skipAppWrapper ? null : frame.app;
    let content: Drawn = vnode;
    for (const component of app === null ? layouts.toReversed() : [app, ...layouts].toReversed()) {
      content = await drawComponent(this, component, undefined, content);
      if (content instanceof Response) return content;
    }
    const headers = new Headers(init.headers);
    headers.set("content-type", HTML);
    return drawPage(content, { config: this.config, cache, css }, { ...init, headers });
  }

  /** Answers with text. */
  text(content: string, init?: ResponseInit): Response {
    return new Response(content, init);
  }

  /** Answers with markup as it is. */
  html(content: string, init?: ResponseInit): Response {
    const headers = new Headers(init?.headers);
    headers.set("content-type", HTML);
    return new Response(content, { ...init, headers });
  }

  /**
   * Answers with JSON.
   *
   * @throws {TypeError} If the value cannot be written as JSON.
   */
  json(content: unknown, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Answers with what an iterable, or a function that makes one, gives: text is encoded as UTF-8. */
  stream(
    source:
      | Iterable<string | Uint8Array>
      | AsyncIterable<string | Uint8Array>
      | (() => Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>),
    init?: ResponseInit,
  ): Response {
    const chunks = typeof source === "function" ? source() : source;
    return new Response(toStream(chunks), init);
  }

  /**
   * Turns the request into a WebSocket and gives both its end and the response that must be returned.
   *
   * @throws {HttpError} With status 400 if the request does not ask for one.
   */
  upgrade(options?: WebSocketUpgradeOptions): Upgrade;
  /**
   * Turns the request into a WebSocket that the handlers serve.
   *
   * @throws {HttpError} With status 400 if the request does not ask for one.
   */
  upgrade(handlers: WebSocketHandlers, options?: WebSocketUpgradeOptions): Response;
  upgrade(
    first: WebSocketHandlers | WebSocketUpgradeOptions = {},
    options?: WebSocketUpgradeOptions,
  ): Upgrade | Response {
    if (!holdsFunction(first)) return upgradeSocket(this.req, first);
    const { socket, response } = upgradeSocket(this.req, options);
    attachSocket(socket, first);
    return response;
  }
}

/** Handlers and options are told apart by this: options never hold a function. */
function holdsFunction(value: WebSocketHandlers | WebSocketUpgradeOptions): value is WebSocketHandlers {
  return Object.values(value).some((member) => typeof member === "function");
}
