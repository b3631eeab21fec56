/** Whether an app runs for its developers or for its users. */
export type Mode = "development" | "production";

/** A module of the routes folder. */
export interface RouteFile {
  /** The path below the folder without the extension, such as `/rooms/[id]`. */
  id: string;
  /** The module, or a function that loads it. */
  module: unknown | (() => Promise<unknown>);
}

/** The place of an island component in the browser code. */
export interface IslandEntry {
  /** The path of the bundled module in the URL. */
  chunk: string;
  /** The name of the export. */
  exportName: string;
}

/** A static file that is opened to be served. */
export interface StaticFile {
  /** The content. */
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  /** The length in bytes. */
  size: number;
  /** The media type. */
  contentType: string;
  /** The hash of the content; null if it is unknown. */
  hash: string | null;
}

/** A build in the form in which an app uses it. */
export interface BuildCache {
  /** The mode that the build is for. */
  mode: Mode;
  /** The id of the build. */
  buildId: string;
  /** The modules of the routes folder. */
  routes: readonly RouteFile[];
  /** The islands by component. */
  islands: ReadonlyMap<unknown, IslandEntry>;
  /** The path of the browser module that starts the islands. */
  boot: string;
  /** The paths of the static imports of each browser module. */
  imports: Readonly<Record<string, readonly string[]>>;
  /** Opens the static file with a path; null if there is none. */
  readFile(pathname: string): Promise<StaticFile | null>;
}

/** An entry of the static files in `_fresh/snapshot.js`. */
export interface SnapshotFile {
  /** The path below the project folder. */
  path: string;
  /** The media type. */
  contentType: string;
  /** The hash of the content. */
  hash: string;
}

/** An entry of the islands in `_fresh/snapshot.js`. */
interface SnapshotIslands {
  /** The island module as the server imports it. */
  module: object;
  /** The path of the bundled module in the URL. */
  chunk: string;
}

/** The exports of `_fresh/snapshot.js`. */
interface Snapshot {
  /** The id of the build. */
  buildId: string;
  /** The path of the browser module that starts the islands. */
  boot: string;
  /** The paths of the static imports of each browser module. */
  imports: Record<string, string[]>;
  /** The modules of the routes folder. */
  routes: RouteFile[];
  /** The island modules. */
  islands: SnapshotIslands[];
  /** The static files by their path in the URL. */
  files: Record<string, SnapshotFile>;
}

/** The exported functions of island modules, each with its place in the browser code. */
export function islandEntries(modules: readonly SnapshotIslands[]): Map<unknown, IslandEntry> {
  const entries = new Map<unknown, IslandEntry>();
  for (const { module, chunk } of modules) {
    for (const [exportName, value] of Object.entries(module)) {
      if (typeof value === "function") entries.set(value, { chunk, exportName });
    }
  }
  return entries;
}

/** The size in bytes up to which a file is read at once, as a stream costs more than the memory. */
const READ_WHOLE = 256 * 1024;

/** Opens a file on disk; null if it does not exist. */
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

/** A build on disk that `_fresh/snapshot.js` describes. */
export class SnapshotBuildCache implements BuildCache {
  readonly mode = "production";
  readonly buildId: string;
  readonly routes: readonly RouteFile[];
  readonly islands: ReadonlyMap<unknown, IslandEntry>;
  readonly boot: string;
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly #files: Map<string, SnapshotFile>;
  /** The small files that were read already. They do not change after the build. */
  readonly #read = new Map<string, StaticFile>();

  readonly #root: string;

  /**
   * @param root The project folder.
   * @param snapshot The description of the build.
   */
  constructor(root: string, snapshot: Snapshot) {
    this.#root = root;
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
    const opened = await openFile(`${this.#root}/${file.path}`, file.contentType, file.hash);
    if (opened?.body instanceof Uint8Array) this.#read.set(pathname, opened);
    return opened;
  }
}
