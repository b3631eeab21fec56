import type { Chain } from "./chain.ts";
import { type Frame, internalsOf } from "./context.ts";
import { HttpError } from "./error.ts";
import type { LayoutConfig, MaybeLazyMiddleware, Middleware, Route } from "./handlers.ts";
import type { RouteComponent } from "./page/component.ts";
import { runRoute } from "./route.ts";

/** What applies to a part of the tree of paths: to all routes below it that are registered later. */
export class Segment<State> {
  /** What runs before its routes. */
  readonly middlewares: MaybeLazyMiddleware<State>[] = [];
  /** What its pages are drawn inside of. */
  layout: { component: RouteComponent<State>; config: LayoutConfig } | null = null;
  /** What whole pages are drawn inside of. */
  app: RouteComponent<State> | null = null;
  /** What answers errors. */
  errorRoute: Route<State> | null = null;
  /** What answers missing pages; only the root has it. */
  notFound: Middleware<State> | null = null;
  readonly #children = new Map<string, Segment<State>>();
  readonly #parent: Segment<State> | null;

  constructor(parent: Segment<State> | null = null) {
    this.#parent = parent;
  }

  /** The segment at a path below this one. */
  at(parts: readonly string[]): Segment<State> {
    const [first, ...rest] = parts;
    if (first === undefined) return this;
    const child = this.#children.get(first) ?? new Segment(this);
    this.#children.set(first, child);
    return child.at(rest);
  }

  /** What runs before a route of this segment, outermost first, as registered up to now. */
  chain(): Chain<State> {
    const lineage = this.#lineage();
    const [root = this] = lineage;
    const chain: Chain<State> = [];
    let frame: Frame<State> = { app: null, layouts: [] };
    for (const segment of lineage) {
      frame = segment.#narrow(frame);
      if (segment.#changesNothing()) continue;
      chain.push(boundary(frame, segment.errorRoute, root), ...segment.middlewares);
    }
    return chain;
  }

  #lineage(): Segment<State>[] {
    return this.#parent === null ? [this] : [...this.#parent.#lineage(), this];
  }

  #narrow(frame: Frame<State>): Frame<State> {
    const app = this.app ?? frame.app;
    if (this.layout === null) return { ...frame, app };
    const { component, config } = this.layout;
    return {
      app: config.skipAppWrapper ? null : app,
      layouts: config.skipInheritedLayouts ? [component] : [...frame.layouts, component],
    };
  }

  /** Such a segment needs no part in the chain; the root is where missing pages are answered, so it always has one. */
  #changesNothing(): boolean {
    return this.#parent !== null && this.layout === null && this.errorRoute === null && this.middlewares.length === 0;
  }
}

/** Runs around the middlewares of a segment: what they and all behind them throw is answered here, outside of them. */
function boundary<State>(
  frame: Frame<State>,
  errorRoute: Route<State> | null,
  root: Segment<State>,
): Middleware<State> {
  return async (ctx) => {
    const internals = internalsOf(ctx);
    const outer = internals.frame;
    internals.frame = frame;
    try {
      return await ctx.next();
    } catch (error) {
      internals.frame = frame;
      ctx.error = error;
      const status = error instanceof HttpError ? error.status : 500;
      if (status === 404 && root.notFound !== null) return await root.notFound(ctx);
      if (errorRoute !== null) return await runRoute(ctx, errorRoute, status);
      throw error;
    } finally {
      internals.frame = outer;
    }
  };
}
