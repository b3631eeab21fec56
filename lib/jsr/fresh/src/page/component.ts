import { type ComponentChildren, type ComponentClass, type ComponentType, type FunctionComponent, h } from "preact";
import type { Context } from "../context.ts";

/** What a page, a layout and the app wrapper get. */
export interface PageProps<Data = unknown, State = unknown>
  extends
    Pick<Context<State>, "config" | "url" | "req" | "params" | "info" | "state" | "isPartial" | "error" | "route"> {
  /** What the handler gave to `page()`. */
  data: Data;
  /** What goes inside a layout or the app wrapper. */
  Component: FunctionComponent;
}

/** What a component that is awaited may give: something to draw, or an answer in place of the page. */
export type Drawn = ComponentChildren | Response;

/** A page's component. It may be async; it must say so with the keyword. */
export type PageComponent<Data, State> =
  | ((props: PageProps<Data, State>) => ComponentChildren | Promise<Drawn>)
  | ComponentClass<PageProps<Data, State>>;

/** A layout, the app wrapper, or a page that does not say what its data is. */
export type RouteComponent<State> = PageComponent<unknown, State>;

const NOTHING: FunctionComponent = () => null;

type AsyncComponent<Props> = (props: Props) => Promise<Drawn>;

function isAsync<State>(component: RouteComponent<State>): component is AsyncComponent<PageProps<unknown, State>> {
  return component.constructor.name === "AsyncFunction";
}

function isSync<State>(component: RouteComponent<State>): component is ComponentType<PageProps<unknown, State>> {
  return !isAsync(component);
}

/** The part of the context that components see, with the data and what goes inside. */
function propsOf<State>(ctx: Context<State>, data: unknown, Component: FunctionComponent): PageProps<unknown, State> {
  const { config, url, req, params, info, state, isPartial, error, route } = ctx;
  return { config, url, req, params, info, state, isPartial, error, route, data, Component };
}

/** Draws one component of a route: an async one now, any other when the page is put together. */
export async function drawComponent<State>(
  ctx: Context<State>,
  component: RouteComponent<State>,
  data: unknown,
  inside: ComponentChildren = null,
): Promise<Drawn> {
  const props = propsOf(ctx, data, inside === null ? NOTHING : () => inside);
  if (isSync(component)) return h(component, props);
  return await component(props);
}
