/**
 * The functions that the generated files of a build import.
 *
 * @module
 */

export { setBuildCache } from "./app.ts";
export { SnapshotBuildCache } from "./build_cache.ts";
