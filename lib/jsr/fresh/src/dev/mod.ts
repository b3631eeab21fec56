/**
 * The builder of an app, and its development server.
 *
 * @module
 */

export { Builder } from "./builder.ts";
