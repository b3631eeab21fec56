import { h } from "preact";
import type { BuildCache } from "./build_cache.ts";
import type { Context } from "./context.ts";
import {
  handlerFor,
  type Middleware,
  type PageComponent,
  type PageProps,
  type PageResponse,
  type Route,
} from "./handlers.ts";
import { drawPage } from "./page/document.ts";

/** The app wrapper and the build that pages are rendered with. */
export interface Frame<State> {
  app: PageComponent<unknown, State> | null;
  cache: BuildCache;
}

/** The parts of a page. */
interface Drawing<State> {
  component: PageComponent<unknown, State> | undefined;
  answer: PageResponse<unknown>;
  skipAppWrapper?: boolean;
}

function propsOf<State>(
  { url, req, state, error }: Context<State>,
  data: unknown,
  content: ReturnType<PageProps<unknown, State>["Component"]>,
): PageProps<unknown, State> {
  return { url, req, state, error, data, Component: () => content };
}

/** Renders a page inside of the app wrapper. */
function drawRoute<State>(
  ctx: Context<State>,
  { app, cache }: Frame<State>,
  { component, answer, skipAppWrapper }: Drawing<State>,
): Response {
  const content = component === undefined ? null : h(component, propsOf(ctx, answer.data, null));
  const whole = app === null || skipAppWrapper ? content : h(app, propsOf(ctx, undefined, content));
  return drawPage(whole, cache, { status: answer.status, headers: new Headers(answer.headers) });
}

async function askHandler<State>(ctx: Context<State>, route: Route<State>): Promise<Response | PageResponse<unknown>> {
  const { handler, component } = route;
  if (handler !== undefined) {
    const fn = handlerFor(handler, ctx.req.method);
    if (fn !== undefined) return await fn(ctx);
    const { method } = ctx.req;
    if (component === undefined || (method !== "GET" && method !== "HEAD")) return await ctx.next();
  } else if (component === undefined) return await ctx.next();
  return { data: {} };
}

/** A middleware at the end of a chain that answers with a route, which is loaded at the first request. */
export function routeHandler<State>(load: () => Promise<Route<State>>, frame: Frame<State>): Middleware<State> {
  let loaded: Route<State> | undefined;
  return async (ctx) => {
    const route = loaded ??= await load();
    const answer = await askHandler(ctx, route);
    if (answer instanceof Response) return answer;
    const { component, config } = route;
    return drawRoute(ctx, frame, { component, answer, skipAppWrapper: config?.skipAppWrapper });
  };
}

/** Renders the error page for `ctx.error`. */
export function drawError<State>(
  ctx: Context<State>,
  frame: Frame<State>,
  component: PageComponent<unknown, State>,
  status: number,
): Response {
  return drawRoute(ctx, frame, { component, answer: { data: {}, status } });
}
