/**
 * The server side of the framework: apps, the types of routes, and middlewares.
 *
 * @module
 */

export { App } from "./app.ts";
export type { Context } from "./context.ts";
export { createDefine } from "./define.ts";
export { HttpError } from "./error.ts";
export { page, type RouteConfig } from "./handlers.ts";
export { csp } from "./middlewares/csp.ts";
export { staticFiles } from "./middlewares/static_files.ts";
