import type { SourceFile } from "./crawl.ts";

/** A route as the build found it. */
export interface BuiltRoute extends SourceFile {
  /** Whether it must be loaded at the start, since it says itself where it lives. */
  isEager: boolean;
}

/** A module with islands, and its place in the browser's code. */
export interface BuiltIsland {
  /** The absolute path of the module. */
  path: string;
  /** The path of the bundled one in the URL. */
  chunk: string;
}

/** What a build made, before it is written or served from memory. */
export interface BuildResult {
  /** The folder of the project. */
  root: string;
  /** The module that exports the app. */
  serverEntry: string;
  /** The name of the build. */
  buildId: string;
  /** The path of the module that brings islands to life. */
  boot: string;
  /** For each bundled module the paths of those that it imports at once. */
  imports: Record<string, string[]>;
  /** The modules of the folder with routes. */
  routes: BuiltRoute[];
  /** The modules with islands. */
  islands: BuiltIsland[];
  /** Files whose content the build made, by their path in the URL. */
  made: Map<string, Uint8Array<ArrayBuffer>>;
  /** Files that are served as they are: where each lies, by its path in the URL. */
  kept: Map<string, string>;
}
