import type { ComponentType, FunctionComponent } from "preact";
import type { Context } from "./context.ts";
import { isMethod, type Method } from "./method.ts";

/** The result of a handler that has the page's component rendered. */
export interface PageResponse<Data> {
  /** The component's `props.data`. */
  data: Data;
  /** Headers of the response. The content type is always HTML. */
  headers?: HeadersInit;
  /** The status of the response. */
  status?: number;
}

/** A handler result that has the page's component rendered without data. */
export function page(): PageResponse<undefined>;
/** A handler result that has the page's component rendered with data. */
export function page<Data>(data: Data, options?: Omit<PageResponse<Data>, "data">): PageResponse<Data>;
export function page<Data>(data?: Data, options?: Omit<PageResponse<Data>, "data">): PageResponse<Data | undefined> {
  return { data, headers: options?.headers, status: options?.status };
}

/** A function that answers a request with a response, or with data for the page's component. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** Handlers by method. */
export type HandlerByMethod<Data, State> = { [M in Method]?: HandlerFn<Data, State> };

/** The `handler` export of a route module. */
export type RouteHandler<Data, State> = HandlerFn<Data, State> | HandlerByMethod<Data, State>;

/** A function that runs before a route and calls `ctx.next()` to run the rest. */
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** The props of a page and of the app wrapper. */
export interface PageProps<Data, State> extends Pick<Context<State>, "url" | "req" | "state" | "error"> {
  /** The data that the handler passed to `page()`. */
  data: Data;
  /** The page, as a component that the app wrapper places. */
  Component: FunctionComponent;
}

/** The component of a page or the app wrapper. */
export type PageComponent<Data, State> = ComponentType<PageProps<Data, State>>;

/** The `config` export of a route module. */
export interface RouteConfig {
  /** The URL pattern of the route, in place of the one that its file name stands for. */
  routeOverride?: string;
  /** Whether the page is rendered without the app wrapper. */
  skipAppWrapper?: boolean;
}

/** A page or an endpoint. */
export interface Route<State> {
  /** The page's component. */
  component?: PageComponent<unknown, State>;
  /** The handlers. */
  handler?: RouteHandler<unknown, State>;
  /** The settings. */
  config?: RouteConfig;
}

/** The handler for a method. HEAD falls back to GET. */
export function handlerFor<State>(
  handler: RouteHandler<unknown, State>,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (typeof handler === "function") return handler;
  if (!isMethod(method)) return undefined;
  return handler[method] ?? (method === "HEAD" ? handler.GET : undefined);
}
