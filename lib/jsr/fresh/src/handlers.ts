import type { Context } from "./context.ts";
import { isMethod, type Method } from "./router.ts";
import type { RouteComponent } from "./page/component.ts";

/** What a handler returns to have the page's component drawn with data. */
export interface PageResponse<Data> {
  /** What the component gets as `props.data`. */
  data: Data;
  /** Headers of the response. The content type is always that of a page. */
  headers?: HeadersInit | Record<string, string>;
  /** The status of the response. */
  status?: number;
}

/** Has the page's component drawn, without data. */
export function page(): PageResponse<undefined>;
/** Has the page's component drawn with data, and a status and headers if they are given. */
export function page<Data>(
  data: Data,
  options?: { headers?: HeadersInit | Record<string, string>; status?: number },
): PageResponse<Data>;
export function page<Data>(
  data?: Data,
  options?: { headers?: HeadersInit | Record<string, string>; status?: number },
): PageResponse<Data | undefined> {
  return { data, headers: options?.headers, status: options?.status };
}

/** Answers a request: with a response, or with data for the page's component. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** A handler for each method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** What a route module exports as `handler` or `handlers`. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** Runs before a route, and after it behind `await ctx.next()`. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** A middleware, or a function that loads it at the first request. */
export type MaybeLazyMiddleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response | Middleware<State>>;

/** A value, or a function that loads it. */
export type MaybeLazy<T> = T | (() => Promise<T>);

/** Settings of a route. */
export interface RouteConfig {
  /** The pattern under which the route lives instead of the one that its file's name says. */
  routeOverride?: string;
  /** Draws the page without the layouts of its folders. */
  skipInheritedLayouts?: boolean;
  /** Draws the page without the app wrapper. */
  skipAppWrapper?: boolean;
}

/** Settings of a layout. */
export interface LayoutConfig {
  /** Leaves out the layouts further up. */
  skipInheritedLayouts?: boolean;
  /** Leaves out the app wrapper. */
  skipAppWrapper?: boolean;
}

/** A page or an endpoint. */
export interface Route<State> {
  /** Draws the page. */
  component?: RouteComponent<State>;
  /** Answers, or gives the component its data. */
  handler?: RouteHandler<unknown, State>;
  /** Settings. */
  config?: RouteConfig;
  /** Style sheets that the page needs, as paths. */
  css?: string[];
}

/** Whether the handler is one function for all methods. */
export function isHandlerFn<State>(handler: RouteHandler<unknown, State>): handler is HandlerFn<unknown, State> {
  return typeof handler === "function";
}

/** The handler of a method; GET stands in for HEAD. */
export function handlerFor<State>(
  handler: RouteHandler<unknown, State>,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (isHandlerFn(handler)) return handler;
  if (!isMethod(method)) return undefined;
  return handler[method] ?? (method === "HEAD" ? handler.GET : undefined);
}
