import { type App, setBuildCache } from "../app.ts";
import type { ListenOptions } from "../listen.ts";
import { listen } from "../listen.ts";
import { setBuildId } from "../runtime/build_id.ts";
import { withLiveReload } from "./alive.ts";
import { bundle, chunkFolder } from "./bundle.ts";
import type { BuildResult, BuiltIsland, BuiltRoute } from "./build_result.ts";
import { crawlIslands, crawlRoutes, crawlStatic, type SourceFile } from "./crawl.ts";
import { writeBuild } from "./disk.ts";
import { MemoryBuildCache } from "./memory_build_cache.ts";
import { absolutePath, fromFileUrl } from "./paths.ts";
import { checkConfig, findConfig } from "./project.ts";
import { type OnTransformOptions, StaticTransforms, type TransformFn } from "./static_transform.ts";

/** What is built, and where it goes. */
export interface BuildOptions {
  /**
   * The browsers that the bundled code must run in.
   *
   * @default {["chrome99", "firefox99", "safari15"]}
   */
  target?: string | string[];
  /** The folder of the project; the working directory if it is left out. */
  root?: string;
  /**
   * The folder that the build is written to.
   *
   * @default {"_fresh"}
   */
  outDir?: string;
  /**
   * The folder with files that are served as they are.
   *
   * @default {"static"}
   */
  staticDir?: string;
  /**
   * The folder with islands.
   *
   * @default {"islands"}
   */
  islandDir?: string;
  /**
   * The folder with routes.
   *
   * @default {"routes"}
   */
  routeDir?: string;
  /**
   * The module that exports the app as `app`.
   *
   * @default {"main.ts"}
   */
  serverEntry?: string;
  /** Fits the paths of files that are left out. */
  ignore?: RegExp[];
  /** Whether and how source maps are made. */
  sourceMap?: boolean | "linked" | "inline" | "external" | "both";
}

type Mode = "development" | "production";

const TARGET = ["chrome99", "firefox99", "safari15"];

function newBuildId(): string {
  const names = ["DENO_DEPLOYMENT_ID", "GITHUB_SHA", "CI_COMMIT_SHA"];
  const given = names.map((name) => Deno.env.get(name)).find((value) => value);
  return given ?? crypto.randomUUID().replaceAll("-", "");
}

/** Builds an app: its islands for the browser, its static files, and the modules that serve them. */
export class Builder {
  readonly #options: BuildOptions;
  readonly #root: string;
  readonly #transforms = new StaticTransforms();
  readonly #registered: string[] = [];

  /**
   * Makes a builder, which does nothing before it is asked.
   *
   * @param options What differs from the convention.
   */
  constructor(options: BuildOptions = {}) {
    this.#options = options;
    this.#root = absolutePath(options.root ?? ".", Deno.cwd());
  }

  /** Adds a module with islands that stands elsewhere, by its path or `file:` URL. */
  registerIsland(specifier: string | URL): void {
    const text = String(specifier);
    this.#registered.push(text.startsWith("file:") ? fromFileUrl(text) : absolutePath(text, this.#root));
  }

  /** Has a function change the static files whose paths the filter fits. */
  onTransformStaticFile(options: OnTransformOptions, callback: TransformFn): void {
    this.#transforms.add(options, callback);
  }

  /**
   * Builds for users, or for a test with `snapshot: "memory"`. The result gives the build to an app, before its `handler()` is
   * called.
   *
   * @throws {Error} If the configuration does not fit, or a module cannot be bundled.
   */
  async build(
    options: { mode?: "development" | "production"; snapshot?: "disk" | "memory" } = {},
  ): Promise<<State>(app: App<State>) => void> {
    const { mode = "production", snapshot = "disk" } = options;
    const build = await this.#build(mode);
    if (snapshot === "disk") await writeBuild(build, this.#folder("outDir", "_fresh"));
    const cache = new MemoryBuildCache(build, this.#folder("staticDir", "static"));
    if (snapshot === "memory") await cache.load();
    return (app) => setBuildCache(app, cache, mode);
  }

  /**
   * Builds for the developer and serves the app. Open pages reload when the process is back with another build.
   *
   * @throws {Error} If the configuration does not fit, or a module cannot be bundled.
   */
  async listen<State>(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    const build = await this.#build("development");
    const imported = await importApp();
    const app = "app" in imported ? imported.app : imported;
    setBuildCache(app, new MemoryBuildCache(build, this.#folder("staticDir", "static")), "development");
    listen(withLiveReload(app.handler(), build.buildId), options, app.config.basePath);
  }

  #folder(option: "outDir" | "staticDir" | "islandDir" | "routeDir" | "serverEntry", fallback: string): string {
    return absolutePath(this.#options[option] ?? fallback, this.#root);
  }

  async #build(mode: Mode): Promise<BuildResult> {
    const configPath = await findConfig(this.#root) ?? await findConfig(Deno.cwd());
    if (configPath !== undefined) await checkConfig(configPath);
    const buildId = newBuildId();
    // Style sheets name the build in the addresses that they hold.
    setBuildId(buildId);

    const { ignore = [], target = TARGET, sourceMap } = this.#options;
    const beside = await crawlRoutes(this.#folder("routeDir", "routes"), ignore);
    const own = await crawlIslands(this.#folder("islandDir", "islands"), ignore);
    const paths = [...own, ...beside.islands].map(({ path }) => path);
    const islands = islandNames([...new Set([...paths, ...this.#registered])]);
    const { files, boot, imports } = await bundle({
      islands,
      buildId,
      target,
      configPath,
      root: this.#root,
      minify: mode === "production",
      sourceMap,
    });
    const { made, kept } = await this.#staticFiles(mode);
    return {
      root: this.#root,
      serverEntry: this.#folder("serverEntry", "main.ts"),
      buildId,
      boot,
      imports,
      routes: await Promise.all(beside.routes.map(builtRoute)),
      islands: builtIslands(islands, buildId),
      made: new Map([...made, ...files]),
      kept,
    };
  }

  async #staticFiles(mode: Mode): Promise<Pick<BuildResult, "made" | "kept">> {
    const folder = this.#folder("staticDir", "static");
    const made: BuildResult["made"] = new Map();
    const kept: BuildResult["kept"] = new Map();
    for (const path of await crawlStatic(folder, this.#options.ignore ?? [])) {
      const pathname = encodeURI(path.slice(folder.length));
      const content = await this.#transforms.run(path, mode);
      if (content === null) kept.set(pathname, path);
      else made.set(pathname, content);
    }
    return { made, kept };
  }
}

async function builtRoute(file: SourceFile): Promise<BuiltRoute> {
  return { ...file, isEager: (await Deno.readTextFile(file.path)).includes("routeOverride") };
}

/** Names the bundled modules after the files; those that share one get a number. */
function islandNames(paths: string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const path of paths) {
    const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "").replace(/[^\w-]/g, "_");
    let name = base;
    for (let number = 1; names.has(name); number++) name = `${base}_${number}`;
    names.set(name, path);
  }
  return names;
}

function builtIslands(islands: ReadonlyMap<string, string>, buildId: string): BuiltIsland[] {
  return Array.from(islands, ([name, path]) => ({ path, chunk: `${chunkFolder(buildId)}/${name}.js` }));
}
