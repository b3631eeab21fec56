import { type Chain } from "./chain.ts";
import type { LayoutConfig, MaybeLazy, MaybeLazyMiddleware, Route, RouteConfig } from "./handlers.ts";
import type { RouteComponent } from "./page/component.ts";
import { methodsOf, routeHandler, runRoute } from "./route.ts";
import { joinPaths, type Method, METHODS, type Router } from "./router.ts";
import type { Segment } from "./segment.ts";

/** Where a command applies: its place in the tree of segments, and for routes the pattern in the URL. */
interface Place {
  /** The path of the segment, whose parts may be groups that no URL shows. */
  segment: string;
  /** The pattern of the URL. */
  pattern: string;
}

/** One call on an app: they are carried out in their order when its handler is made. */
export type Command<State> =
  | Place & { type: "middleware"; middlewares: MaybeLazyMiddleware<State>[] }
  | Place & { type: "layout"; component: RouteComponent<State>; config: LayoutConfig }
  | Place & { type: "error"; route: Route<State> }
  | Place & { type: "route"; route: MaybeLazy<Route<State>>; config: RouteConfig }
  | Place & { type: "handler"; method: Method | "ALL"; middlewares: MaybeLazyMiddleware<State>[] }
  | Place & { type: "files"; commands: () => Command<State>[] }
  | { type: "app"; component: RouteComponent<State> }
  | { type: "notFound"; route: Route<State> };

/** Where commands are carried out. */
export interface Target<State> {
  root: Segment<State>;
  router: Router<Chain<State>>;
  basePath: string;
}

/** The parts of a segment's path; a wildcard stands for the segment that it begins in. */
function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== "*");
}

/** The command as it is below a path, for apps and file routes that are mounted there. */
export function below<State>(path: string, command: Command<State>): Command<State> {
  if (command.type === "app" || command.type === "notFound") return command;
  return { ...command, segment: joinPaths(path, command.segment), pattern: joinPaths(path, command.pattern) };
}

/** Carries out a command. */
export function apply<State>(command: Command<State>, target: Target<State>): void {
  const { root } = target;
  switch (command.type) {
    case "app":
      root.app = command.component;
      return;
    case "notFound":
      root.notFound = (ctx) => runRoute(ctx, command.route, 404);
      return;
    case "files":
      for (const inner of command.commands()) apply(below(command.pattern, inner), target);
      return;
  }
  const segment = root.at(partsOf(command.segment));
  switch (command.type) {
    case "middleware":
      segment.middlewares.push(...command.middlewares);
      return;
    case "layout":
      segment.layout = command;
      return;
    case "error":
      segment.errorRoute = command.route;
      return;
    case "handler": {
      const chain = [...segment.chain(), ...command.middlewares];
      const methods = command.method === "ALL" ? METHODS : [command.method];
      register(target, command.pattern, methods, chain);
      return;
    }
    case "route":
      registerRoute(target, segment, command.pattern, command.route, command.config);
  }
}

function registerRoute<State>(
  target: Target<State>,
  segment: Segment<State>,
  pattern: string,
  route: MaybeLazy<Route<State>>,
  config: RouteConfig,
): void {
  const known = typeof route === "function" ? undefined : route;
  const place = config.routeOverride ?? known?.config?.routeOverride ?? pattern;
  const methods = known === undefined ? METHODS : methodsOf(known);
  register(target, place, methods, [...segment.chain(), routeHandler(route)]);
}

function register<State>(
  { router, basePath }: Target<State>,
  pattern: string,
  methods: readonly Method[],
  chain: Chain<State>,
): void {
  const place = pattern === "*" ? joinPaths(basePath, "/") + "*" : joinPaths(basePath, pattern);
  for (const method of methods) router.add(method, place, chain);
}
