import { mediaType } from "@std/http/internal-media-type";
import { type BuildCache, islandEntries, type IslandEntry, openFile, type StaticFile } from "../build_cache.ts";
import { isSpecial, type RouteFile } from "../fs_routes.ts";
import type { BuildResult, BuiltRoute } from "./build_result.ts";
import { toFileUrl } from "./paths.ts";

const typeOf = (path: string) => mediaType(path) ?? "application/octet-stream";

/** A module that must see the browser's islands as the server's does, and so comes from the same cache of modules. */
function importFile(path: string): Promise<object> {
  return import(toFileUrl(path));
}

async function routeFile({ id, path, isEager }: BuiltRoute): Promise<RouteFile> {
  const load = () => importFile(path);
  return { id, module: isEager || isSpecial(id) ? await load() : load };
}

/** A build that is served out of memory: for tests, and while an app is developed. */
export class MemoryBuildCache implements BuildCache {
  readonly root: string;
  readonly buildId: string;
  readonly boot: string;
  readonly imports: Readonly<Record<string, readonly string[]>>;
  routes: readonly RouteFile[] = [];
  islands: ReadonlyMap<unknown, IslandEntry> = new Map();

  readonly #build: BuildResult;
  readonly #staticDir: string;
  #loading: Promise<void> | null = null;

  constructor(build: BuildResult, staticDir: string) {
    this.#build = build;
    this.#staticDir = staticDir;
    this.root = build.root;
    this.buildId = build.buildId;
    this.boot = build.boot;
    this.imports = build.imports;
  }

  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { islands, routes } = this.#build;
    const modules = islands.map(async ({ path, chunk }) => ({ module: await importFile(path), chunk }));
    this.islands = islandEntries(await Promise.all(modules));
    this.routes = await Promise.all(routes.map(routeFile));
  }

  async readFile(pathname: string): Promise<StaticFile | null> {
    const made = this.#build.made.get(pathname);
    if (made !== undefined) return { body: made, size: made.length, contentType: typeOf(pathname), hash: null };
    return await openFile(this.#staticDir + pathname, typeOf(pathname), null);
  }
}
