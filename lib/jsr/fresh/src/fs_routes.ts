import type { Command } from "./commands.ts";
import type { LayoutConfig, MaybeLazyMiddleware, Route, RouteConfig, RouteHandler } from "./handlers.ts";
import type { RouteComponent } from "./page/component.ts";

/** A module of the folder with routes, as a build found it. */
export interface RouteFile {
  /** Its path in that folder without the ending, such as `/rooms/[id]`. */
  id: string;
  /** The module, or a function that loads it. */
  module: unknown | (() => Promise<unknown>);
}

/** What a module of the routes folder may export. */
interface RouteModule<State> {
  default?: unknown;
  handler?: unknown;
  handlers?: unknown;
  config?: RouteConfig & LayoutConfig;
  css?: string[];
  component?: RouteComponent<State>;
}

const SPECIAL = new Set(["_app", "_layout", "_middleware", "_error", "_404", "_500"]);

function isModule<State>(value: unknown): value is RouteModule<State> {
  return typeof value === "object" && value !== null;
}

function isComponent<State>(value: unknown): value is RouteComponent<State> {
  return typeof value === "function";
}

function isHandler<State>(value: unknown): value is RouteHandler<unknown, State> {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

function isMiddleware<State>(value: unknown): value is MaybeLazyMiddleware<State> {
  return typeof value === "function";
}

function moduleOf<State>(file: RouteFile, value: unknown = file.module): RouteModule<State> {
  if (!isModule<State>(value)) throw new TypeError(`Cannot use route "${file.id}" as it is no module`);
  return value;
}

function routeOf<State>(module: RouteModule<State>): Route<State> {
  const handler = module.handlers ?? module.handler;
  return {
    component: isComponent<State>(module.default) ? module.default : undefined,
    handler: isHandler<State>(handler) ? handler : undefined,
    config: module.config,
    css: module.css,
  };
}

function middlewaresOf<State>({ default: main, handler, handlers }: RouteModule<State>): MaybeLazyMiddleware<State>[] {
  return [main ?? handlers ?? handler].flat().filter(isMiddleware<State>);
}

function componentOf<State>(file: RouteFile, { default: component }: RouteModule<State>): RouteComponent<State> {
  if (isComponent<State>(component)) return component;
  throw new TypeError(`Cannot use "${file.id}" as it has no component as its default export`);
}

/** How one part of a file's path reads in a pattern: `[id]` as `:id`, `[[id]]` as `:id?`, `[...rest]` as `:rest*`. */
function patternPart(part: string): string {
  const [, optional, rest, name] = /^\[(?:\[(\w+)\]|\.\.\.(\w+)|(\w+))\]$/.exec(part) ?? [];
  if (optional !== undefined) return `:${optional}?`;
  if (rest !== undefined) return `:${rest}*`;
  if (name !== undefined) return `:${name}`;
  return part.replace(/\[(\w+)\]/g, ":$1");
}

const isGroup = (part: string) => part.startsWith("(") && part.endsWith(")");

/** The pattern in the URL that a file stands for. */
export function patternOf(id: string): string {
  const parts = id.split("/").filter((part) => part !== "" && !isGroup(part)).map(patternPart);
  if (parts.at(-1) === "index") parts.pop();
  return `/${parts.join("/")}`;
}

/** The segment of a file's folder; groups are parts of it like folders that the URL shows. */
function segmentOf(id: string): string {
  return id.split("/").slice(0, -1).map(patternPart).join("/") || "/";
}

/** How special the parts of a pattern are: what fits less comes first. */
function rank(part: string | undefined): number {
  if (part === undefined) return 0;
  if (!part.startsWith(":")) return 1;
  return part.endsWith("*") ? 4 : part.endsWith("?") ? 3 : 2;
}

function compareIds(a: string, b: string): number {
  const left = patternOf(a).split("/");
  const right = patternOf(b).split("/");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = rank(left[i]) - rank(right[i]);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

const nameOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);

function specialCommand<State>(file: RouteFile): Command<State> {
  const module = moduleOf<State>(file);
  const segment = segmentOf(file.id);
  const place = { segment, pattern: segment };
  switch (nameOf(file.id)) {
    case "_app":
      return { type: "app", component: componentOf(file, module) };
    case "_layout":
      return { type: "layout", ...place, component: componentOf(file, module), config: module.config ?? {} };
    case "_middleware":
      return { type: "middleware", ...place, middlewares: middlewaresOf(module) };
    case "_404":
      return { type: "notFound", route: routeOf(module) };
    default:
      return { type: "error", ...place, route: routeOf(module) };
  }
}

function isLoader(module: unknown): module is () => Promise<unknown> {
  return typeof module === "function";
}

function routeCommand<State>(file: RouteFile): Command<State> {
  const { id, module } = file;
  const place = { segment: segmentOf(id), pattern: patternOf(id) };
  if (isLoader(module)) {
    const load = async () => routeOf<State>(moduleOf(file, await module()));
    return { type: "route", ...place, route: load, config: {} };
  }
  const route = routeOf<State>(moduleOf(file));
  return { type: "route", ...place, route: () => Promise.resolve(route), config: route.config ?? {} };
}

/** Which files apply to others, and so are registered before them. */
export function isSpecial(id: string): boolean {
  return SPECIAL.has(nameOf(id));
}

/** The commands that file routes stand for: what applies to others first, then routes, those that fit less first. */
export function fileCommands<State>(files: readonly RouteFile[]): Command<State>[] {
  const special = files.filter(({ id }) => isSpecial(id)).map(specialCommand<State>);
  const routes = files.filter(({ id }) => !isSpecial(id)).toSorted((a, b) => compareIds(a.id, b.id));
  return [...special, ...routes.map(routeCommand<State>)];
}
