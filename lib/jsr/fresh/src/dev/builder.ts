import { type App, setBuildCache } from "../app.ts";
import type { Mode } from "../build_cache.ts";
import { withLiveReload } from "./alive.ts";
import type { BuildResult, BuiltRoute } from "./build_result.ts";
import { bundle, chunkFolder } from "./bundle.ts";
import { crawlModules, crawlStatic, type SourceFile } from "./crawl.ts";
import { writeBuild } from "./disk.ts";
import { MemoryBuildCache } from "./memory_build_cache.ts";
import { checkConfig, findConfig } from "./project.ts";

/** Options of a build. */
interface BuildOptions {
  /** The folder of the project. */
  root: string;
  /**
   * The browsers or the language version that the browser code is compiled for.
   *
   * @default {["chrome99", "firefox99", "safari15"]}
   */
  target?: string | string[];
}

const TARGET = ["chrome99", "firefox99", "safari15"];

function newBuildId(): string {
  const names = ["DENO_DEPLOYMENT_ID", "GITHUB_SHA", "CI_COMMIT_SHA"];
  const given = names.map((name) => Deno.env.get(name)).find((value) => value);
  return given ?? crypto.randomUUID().replaceAll("-", "");
}

/** The builder of an app: it bundles the islands for the browser and collects routes and static files. */
export class Builder {
  readonly #root: string;
  readonly #target: string | string[];

  /** @param options The options. */
  constructor({ root, target = TARGET }: BuildOptions) {
    this.#root = root.replace(/\/$/, "");
    this.#target = target;
  }

  /**
   * Builds for production, into `_fresh`.
   *
   * @throws {Error} If the configuration is unsuitable, or a module cannot be bundled.
   */
  build(): Promise<void>;
  /**
   * Builds in memory, for tests. The returned function sets the build that an app serves.
   *
   * @throws {Error} If the configuration is unsuitable, or a module cannot be bundled or imported.
   */
  build(options: { snapshot: "memory" }): Promise<<State>(app: App<State>) => void>;
  async build(options?: { snapshot: "memory" }): Promise<void | (<State>(app: App<State>) => void)> {
    const build = await this.#build("production");
    if (options === undefined) return await writeBuild(build);
    const cache = await MemoryBuildCache.load(build, "production");
    return (app) => setBuildCache(app, cache);
  }

  /**
   * Builds for development and serves the app. Open pages reload after a restart with another build.
   *
   * @throws {Error} If the configuration is unsuitable, or a module cannot be bundled or imported.
   */
  async listen<State>(
    importApp: () => Promise<{ app: App<State> }>,
    address: { port: number; hostname: string },
  ): Promise<void> {
    const build = await this.#build("development");
    const { app } = await importApp();
    setBuildCache(app, await MemoryBuildCache.load(build, "development"));
    Deno.serve(address, withLiveReload(app.handler(), build.buildId));
  }

  async #build(mode: Mode): Promise<BuildResult> {
    const root = this.#root;
    const configPath = await findConfig(root);
    await checkConfig(configPath);
    const buildId = newBuildId();
    const routes = await crawlModules(`${root}/routes`);
    const islands = await crawlModules(`${root}/islands`);
    const { files, boot, imports } = await bundle({
      islands,
      buildId,
      target: this.#target,
      configPath,
      root,
      minify: mode === "production",
    });
    return {
      root,
      buildId,
      boot,
      imports,
      routes: await Promise.all(routes.map(builtRoute)),
      islands: islands.map(({ id, path }) => ({ path, chunk: `${chunkFolder(buildId)}${id}.js` })),
      bundled: files,
      statics: await crawlStatic(`${root}/static`),
    };
  }
}

async function builtRoute(file: SourceFile): Promise<BuiltRoute> {
  return { ...file, isEager: (await Deno.readTextFile(file.path)).includes("routeOverride") };
}
