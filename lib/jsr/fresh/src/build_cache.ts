import type { RouteFile } from "./fs_routes.ts";

/** A component that the browser brings to life, and where its code is. */
export interface IslandEntry {
  /** The path of its bundled module, from the base path on. */
  chunk: string;
  /** The name under which that module exports it. */
  exportName: string;
}

/** A file to serve. */
export interface StaticFile {
  /** Its content. */
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  /** Its length in bytes. */
  size: number;
  /** Its media type. */
  contentType: string;
  /** The hash of its content; null if it was not hashed. */
  hash: string | null;
}

/** What an app needs of its build. */
export interface BuildCache {
  /** The folder of the project. */
  root: string;
  /** The name of the build. */
  buildId: string;
  /** The modules of the folder with routes. */
  routes: readonly RouteFile[];
  /** The islands, by what the server draws. */
  islands: ReadonlyMap<unknown, IslandEntry>;
  /** The path of the module that brings islands to life. */
  boot: string;
  /** For each bundled module the paths of those that it imports. */
  imports: Readonly<Record<string, readonly string[]>>;
  /** Opens a static file; null if the build has none at that path. */
  readFile(pathname: string): Promise<StaticFile | null>;
  /** Loads routes and islands, for a build whose modules are not imported yet. */
  load?(): Promise<void>;
}

/** What `_fresh/snapshot.js` says of a static file. */
export interface SnapshotFile {
  /** Where it is, from the folder of the project on. */
  path: string;
  /** Its media type. */
  contentType: string;
  /** The hash of its content. */
  hash: string;
}

/** What `_fresh/snapshot.js` says of the exports of a module with islands. */
export interface SnapshotIslands {
  /** The module that the server draws. */
  module: object;
  /** The path of the one that the browser loads. */
  chunk: string;
}

/** What `_fresh/snapshot.js` exports. */
export interface Snapshot {
  /** The name of the build. */
  buildId: string;
  /** The path of the module that brings islands to life. */
  boot: string;
  /** For each bundled module the paths of those that it imports. */
  imports: Record<string, string[]>;
  /** The modules of the folder with routes. */
  routes: RouteFile[];
  /** The modules with islands. */
  islands: SnapshotIslands[];
  /** The static files by their path in the URL. */
  files: Record<string, SnapshotFile>;
}

/** The exported functions of modules with islands, each with its place in the browser's code. */
export function islandEntries(modules: readonly SnapshotIslands[]): Map<unknown, IslandEntry> {
  const entries = new Map<unknown, IslandEntry>();
  for (const { module, chunk } of modules) {
    for (const [exportName, value] of Object.entries(module)) {
      if (typeof value === "function") entries.set(value, { chunk, exportName });
    }
  }
  return entries;
}

/** Below this size a file is read at once: opening a stream costs more than its bytes. */
const READ_WHOLE = 256 * 1024;

/** Opens a file of the disk; null if it is gone. */
export async function openFile(path: string, contentType: string, hash: string | null): Promise<StaticFile | null> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile) return null;
    const body = size <= READ_WHOLE ? await Deno.readFile(path) : (await Deno.open(path)).readable;
    return { body, size, contentType, hash };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/** The build on the disk, as `_fresh/snapshot.js` describes it. */
export class SnapshotBuildCache implements BuildCache {
  readonly buildId: string;
  readonly routes: readonly RouteFile[];
  readonly islands: ReadonlyMap<unknown, IslandEntry>;
  readonly boot: string;
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly #files: Map<string, SnapshotFile>;
  /** Small files that were read once: they are what they were at the build, or their hash would be wrong. */
  readonly #read = new Map<string, StaticFile>();

  constructor(readonly root: string, snapshot: Snapshot) {
    this.buildId = snapshot.buildId;
    this.routes = snapshot.routes;
    this.islands = islandEntries(snapshot.islands);
    this.boot = snapshot.boot;
    this.imports = snapshot.imports;
    this.#files = new Map(Object.entries(snapshot.files));
  }

  async readFile(pathname: string): Promise<StaticFile | null> {
    const known = this.#read.get(pathname);
    if (known !== undefined) return known;
    const file = this.#files.get(pathname);
    if (file === undefined) return null;
    const opened = await openFile(`${this.root}/${file.path}`, file.contentType, file.hash);
    if (opened?.body instanceof Uint8Array) this.#read.set(pathname, opened);
    return opened;
  }
}
