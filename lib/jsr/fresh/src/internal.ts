/**
 * What the generated files of a build import. Nothing else may.
 *
 * @module
 */

export { setBuildCache } from "./app.ts";
export { type Snapshot, SnapshotBuildCache } from "./build_cache.ts";
