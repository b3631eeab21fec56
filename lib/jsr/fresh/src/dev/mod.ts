/**
 * Builds an app, and serves it while it is developed.
 *
 * @module
 */

export { Builder, type BuildOptions } from "./builder.ts";
export type { OnTransformArgs, OnTransformOptions, OnTransformResult, TransformFn } from "./static_transform.ts";
