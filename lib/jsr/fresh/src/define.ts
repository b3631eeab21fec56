import type { HandlerByMethod, HandlerFn, Middleware, RouteHandler } from "./handlers.ts";
import type { PageComponent, RouteComponent } from "./page/component.ts";

/** The data that a handler gives to its page. */
type DataOf<Handler, State> = Handler extends HandlerFn<infer Data, State> ? Data
  : Handler extends HandlerByMethod<infer Data, State> ? Data
  : never;

/** Identity functions that give the parts of a route their types. */
export interface Define<State> {
  /** Types handlers; the type of `page()`'s data can be taken from the result. */
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(handlers: Handlers): Handlers;
  /** Types a page: `define.page<typeof handler>(({ data }) => …)`. */
  page<Handler extends RouteHandler<unknown, State> = never, Data = DataOf<Handler, State>>(
    render: PageComponent<Data, State>,
  ): PageComponent<Data, State>;
  /** Types a layout or the app wrapper. */
  layout(render: RouteComponent<State>): RouteComponent<State>;
  /** Types a middleware, or a list of them. */
  middleware<M extends Middleware<State> | Middleware<State>[]>(middleware: M): M;
}

/** Makes the identity functions that type handlers, pages, layouts and middlewares with the state of an app. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    layout: (render) => render,
    middleware: (middleware) => middleware,
  };
}
