import { mediaType } from "@std/http/internal-media-type";
import {
  type BuildCache,
  islandEntries,
  type IslandEntry,
  type Mode,
  openFile,
  type RouteFile,
  type StaticFile,
} from "../build_cache.ts";
import { isSpecial } from "../fs_routes.ts";
import type { BuildResult, BuiltRoute } from "./build_result.ts";
import { toFileUrl } from "./paths.ts";

const typeOf = (path: string) => mediaType(path) ?? "application/octet-stream";

/** Imports a module of the project, from the same module cache as the imports between the project's modules. */
function importFile(path: string): Promise<object> {
  return import(toFileUrl(path));
}

async function routeFile({ id, path, isEager }: BuiltRoute): Promise<RouteFile> {
  const load = () => importFile(path);
  return { id, module: isEager || isSpecial(id) ? await load() : load };
}

/** A build that is served from memory, for tests and during development. */
export class MemoryBuildCache implements BuildCache {
  readonly mode: Mode;
  readonly buildId: string;
  readonly boot: string;
  readonly imports: Readonly<Record<string, readonly string[]>>;
  routes: readonly RouteFile[] = [];
  islands: ReadonlyMap<unknown, IslandEntry> = new Map();

  readonly #build: BuildResult;

  private constructor(build: BuildResult, mode: Mode) {
    this.#build = build;
    this.mode = mode;
    this.buildId = build.buildId;
    this.boot = build.boot;
    this.imports = build.imports;
  }

  /** Imports the modules of a build. */
  static async load(build: BuildResult, mode: Mode): Promise<MemoryBuildCache> {
    const cache = new MemoryBuildCache(build, mode);
    const modules = build.islands.map(async ({ path, chunk }) => ({ module: await importFile(path), chunk }));
    cache.islands = islandEntries(await Promise.all(modules));
    cache.routes = await Promise.all(build.routes.map(routeFile));
    return cache;
  }

  async readFile(pathname: string): Promise<StaticFile | null> {
    const body = this.#build.bundled.get(pathname);
    if (body !== undefined) return { body, size: body.length, contentType: typeOf(pathname), hash: null };
    return await openFile(`${this.#build.root}/static${pathname}`, typeOf(pathname), null);
  }
}
