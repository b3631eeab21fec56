import type { BuildCache, RouteFile } from "./build_cache.ts";
import type { Chain } from "./chain.ts";
import type { Middleware, PageComponent, Route, RouteConfig, RouteHandler } from "./handlers.ts";
import { type Frame, routeHandler } from "./route.ts";

/** The exports of a module in the routes folder. */
interface RouteModule {
  default?: unknown;
  handler?: unknown;
  config?: RouteConfig;
}

/** The routes of an app and what applies to all of them. */
export interface FileRoutes<State> {
  /** The app wrapper and the build. */
  frame: Frame<State>;
  /** The error page. */
  errorPage: PageComponent<unknown, State> | null;
  /** The middlewares of the routes folder itself. */
  middlewares: Chain<State>;
  /** The routes by URL pattern, in the order in which they are tried. */
  routes: { pattern: string; chain: Chain<State> }[];
}

const SPECIAL = new Set(["_app", "_middleware", "_error"]);

function isComponent<State>(value: unknown): value is PageComponent<unknown, State> {
  return typeof value === "function";
}

function isHandler<State>(value: unknown): value is RouteHandler<unknown, State> {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

function isMiddleware<State>(value: unknown): value is Middleware<State> {
  return typeof value === "function";
}

function isLoader(module: unknown): module is () => Promise<unknown> {
  return typeof module === "function";
}

function moduleOf({ id, module }: RouteFile): RouteModule {
  if (typeof module !== "object" || module === null) throw new TypeError(`Cannot use route "${id}" as it is no module`);
  return module;
}

/** One segment of a file's path as a pattern segment: `[id]` is `:id`, `[...rest]` is `:rest*`. */
function patternSegment(segment: string): string {
  const [, rest, name] = /^\[(?:\.\.\.(\w+)|(\w+))\]$/.exec(segment) ?? [];
  if (rest !== undefined) return `:${rest}*`;
  return name === undefined ? segment : `:${name}`;
}

/** The URL pattern that the path of a route's file stands for. */
export function patternOf(id: string): string {
  const segments = id.split("/").filter((segment) => segment !== "").map(patternSegment);
  if (segments.at(-1) === "index") segments.pop();
  return `/${segments.join("/")}`;
}

/** The rank of a pattern segment: the fewer paths it matches, the lower. */
function rank(segment: string | undefined): number {
  if (segment === undefined) return 0;
  if (!segment.startsWith(":")) return 1;
  return segment.endsWith("*") ? 3 : 2;
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
const folderOf = (id: string) => id.slice(0, id.lastIndexOf("/"));

/** Whether a file applies to routes instead of being one. */
export function isSpecial(id: string): boolean {
  return SPECIAL.has(nameOf(id));
}

/** The component that a file at the root of the routes folder exports; null if there is no such file. */
function rootComponent<State>(files: readonly RouteFile[], id: string): PageComponent<unknown, State> | null {
  const file = files.find((candidate) => candidate.id === id);
  if (file === undefined) return null;
  const { default: component } = moduleOf(file);
  if (isComponent<State>(component)) return component;
  throw new TypeError(`Cannot use "${id}" as it has no component as its default export`);
}

function routeOf<State>(file: RouteFile): Route<State> {
  const { default: component, handler, config } = moduleOf(file);
  return {
    component: isComponent<State>(component) ? component : undefined,
    handler: isHandler<State>(handler) ? handler : undefined,
    config,
  };
}

/** The middlewares that apply to a file, those of outer folders first. */
function middlewaresFor<State>(files: readonly RouteFile[], id: string): Middleware<State>[] {
  return files
    .filter((file) => nameOf(file.id) === "_middleware" && id.startsWith(`${folderOf(file.id)}/`))
    .toSorted((a, b) => a.id.length - b.id.length)
    .flatMap((file) => [moduleOf(file).default].flat().filter(isMiddleware<State>));
}

function configOf(file: RouteFile): RouteConfig | undefined {
  return isLoader(file.module) ? undefined : moduleOf(file).config;
}

function loaderOf<State>({ id, module }: RouteFile): () => Promise<Route<State>> {
  return async () => routeOf({ id, module: isLoader(module) ? await module() : module });
}

/** Makes routes of the files of a build. */
export function fileRoutes<State>(cache: BuildCache): FileRoutes<State> {
  const files = cache.routes;
  const frame: Frame<State> = { app: rootComponent(files, "/_app"), cache };
  const routes = files.filter(({ id }) => !isSpecial(id)).toSorted((a, b) => compareIds(a.id, b.id));
  return {
    frame,
    errorPage: rootComponent(files, "/_error"),
    middlewares: middlewaresFor(files, "/"),
    routes: routes.map((file) => ({
      pattern: configOf(file)?.routeOverride ?? patternOf(file.id),
      chain: [...middlewaresFor<State>(files, file.id), routeHandler<State>(loaderOf(file), frame)],
    })),
  };
}
