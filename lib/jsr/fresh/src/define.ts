import type { HandlerByMethod, HandlerFn, Middleware, PageComponent, RouteHandler } from "./handlers.ts";

/** The type of the data that a handler passes to its page. */
type DataOf<Handler, State> = Handler extends HandlerFn<infer Data, State> ? Data
  : Handler extends HandlerByMethod<infer Data, State> ? Data
  : never;

/** Identity functions that type the parts of a route. */
interface Define<State> {
  /** Types handlers. Their type carries the type of the data for `page()`. */
  handlers<Data, Handlers extends RouteHandler<Data, State> = RouteHandler<Data, State>>(handlers: Handlers): Handlers;
  /** Types a page, as in `define.page<typeof handler>(({ data }) => …)`, or the app wrapper. */
  page<Handler extends RouteHandler<unknown, State> = never, Data = DataOf<Handler, State>>(
    render: PageComponent<Data, State>,
  ): PageComponent<Data, State>;
  /** Types a middleware. */
  middleware<M extends Middleware<State>>(middleware: M): M;
}

/** Makes the identity functions that type handlers, pages and middlewares with the state of an app. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    middleware: (middleware) => middleware,
  };
}
