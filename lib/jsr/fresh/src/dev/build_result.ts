import type { SourceFile } from "./crawl.ts";

/** A route module of the project. */
export interface BuiltRoute extends SourceFile {
  /** Whether the module is loaded at startup, since its `routeOverride` has to be known by then. */
  isEager: boolean;
}

/** An island module of the project. */
export interface BuiltIsland {
  /** The absolute path of the module. */
  path: string;
  /** The path of the bundled module in the URL. */
  chunk: string;
}

/** The result of a build, before it is written to disk or served from memory. */
export interface BuildResult {
  /** The project folder. */
  root: string;
  /** The id of the build. */
  buildId: string;
  /** The path of the browser module that starts the islands. */
  boot: string;
  /** The paths of the static imports of each browser module. */
  imports: Record<string, string[]>;
  /** The modules of the routes folder. */
  routes: BuiltRoute[];
  /** The modules of the islands folder. */
  islands: BuiltIsland[];
  /** The content of the browser modules by their path in the URL. */
  bundled: Map<string, Uint8Array<ArrayBuffer>>;
  /** The absolute paths of the static files by their path in the URL. */
  statics: Map<string, string>;
}
