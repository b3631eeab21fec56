import type { Context } from "./context.ts";
import { internalsOf } from "./context.ts";
import { handlerFor, type MaybeLazyMiddleware, type PageResponse, type Route } from "./handlers.ts";
import { drawComponent } from "./page/component.ts";
import { type Method, METHODS } from "./router.ts";

/** The methods under which a route is registered; the others answer 405. */
export function methodsOf<State>({ handler, component }: Route<State>): readonly Method[] {
  if (handler === undefined || typeof handler === "function") return METHODS;
  return METHODS.filter((method) => handler[method] !== undefined || (method === "GET" && component !== undefined));
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

function applyConfig<State>(ctx: Context<State>, { config, css }: Route<State>): void {
  const internals = internalsOf(ctx);
  if (css !== undefined) internals.css = css;
  if (config === undefined) return;
  internals.frame = {
    app: config.skipAppWrapper ? null : internals.frame.app,
    layouts: config.skipInheritedLayouts ? [] : internals.frame.layouts,
  };
}

/** Answers with a route: its handler, and its component if that gives data. */
export async function runRoute<State>(ctx: Context<State>, route: Route<State>, status = 200): Promise<Response> {
  applyConfig(ctx, route);
  const answer = await askHandler(ctx, route);
  if (answer instanceof Response) return answer;
  const content = route.component === undefined ? null : await drawComponent(ctx, route.component, answer.data);
  if (content instanceof Response) return content;
  return ctx.render(content, { headers: answer.headers, status: answer.status ?? status });
}

/** Makes a route out of what may be only a handler. */
export function toRoute<State>(routeOrMiddleware: Route<State> | MaybeLazyHandler<State>): Route<State> {
  return typeof routeOrMiddleware === "function" ? { handler: routeOrMiddleware } : routeOrMiddleware;
}

type MaybeLazyHandler<State> = (ctx: Context<State>) => Response | Promise<Response>;

/** A route as the last member of a chain, loaded when it is first asked for. */
export function routeHandler<State>(route: Route<State> | (() => Promise<Route<State>>)): MaybeLazyMiddleware<State> {
  if (typeof route !== "function") return (ctx) => runRoute(ctx, route);
  return async () => {
    const loaded = await route();
    return (ctx) => runRoute(ctx, loaded);
  };
}
