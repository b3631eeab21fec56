import * as esbuild from "esbuild";
import type { SourceFile } from "./crawl.ts";
import { readModuleGraph } from "./module_graph.ts";
import { fromFileUrl, toFileUrl } from "./paths.ts";
import { resolvePlugin } from "./resolve_plugin.ts";

/** Options of {@linkcode bundle}. */
interface BundleOptions {
  /** The island modules. */
  islands: readonly SourceFile[];
  buildId: string;
  target: string | string[];
  configPath: string;
  root: string;
  minify: boolean;
}

/** The browser code of a build. */
interface Bundle {
  /** The content of the modules by their path in the URL. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** The path of the module that starts the islands. */
  boot: string;
  /** The paths of the static imports of each module. */
  imports: Record<string, string[]>;
}

const BOOT = import.meta.resolve("../runtime/client/boot.ts");
const SERVER = import.meta.resolve("../mod.ts");
const BUILD_ID_MODULE = import.meta.resolve("../runtime/build_id.ts");

/** The folder of a build's browser code in the URL. */
export function chunkFolder(buildId: string): string {
  return `/_fresh/js/${buildId}`;
}

/** The output folder in the bundler's options. The files stay in memory. */
const OUTPUT = "/bundle";

function importsOf(outputs: esbuild.Metafile["outputs"], toUrl: (path: string) => string): Record<string, string[]> {
  const entries = Object.entries(outputs).filter(([path]) => path.endsWith(".js"));
  return Object.fromEntries(entries.map(([path, { imports }]) => [
    toUrl(path),
    imports.filter(({ kind }) => kind === "import-statement").map((imported) => toUrl(imported.path)),
  ]));
}

let running = 0;

/**
 * Bundles islands for the browser. Modules that several of them import become shared chunks.
 *
 * @throws {Error} If a module cannot be resolved or compiled.
 */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const { islands, buildId, target, configPath, root, minify } = options;
  // The graph includes the server's modules, so that both sides resolve each package to the same copy.
  const entries = [SERVER, BOOT, ...islands.map(({ path }) => toFileUrl(path))];
  const graph = await readModuleGraph(entries, configPath);
  const entryPoints = [
    { in: fromFileUrl(BOOT), out: "fresh-runtime" },
    ...islands.map(({ id, path }) => ({ in: path, out: id.slice(1) })),
  ];
  running++;
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints,
      outdir: OUTPUT,
      absWorkingDir: root,
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target,
      minify,
      legalComments: "none",
      treeShaking: true,
      jsx: "automatic",
      jsxImportSource: "preact",
      jsxDev: false,
      chunkNames: "chunk-[hash]",
      logLevel: "silent",
      tsconfigRaw: {},
      plugins: [resolvePlugin(graph, fromFileUrl(BUILD_ID_MODULE), buildId)],
    });
    const folder = chunkFolder(buildId);
    const toUrl = (path: string) => folder + path.slice(path.lastIndexOf(`${OUTPUT}/`) + OUTPUT.length);
    const files = new Map(outputFiles.map(({ path, contents }) => [toUrl(path), new Uint8Array(contents)]));
    const imports = importsOf(metafile.outputs, (path) => toUrl(`/${path}`));
    return { files, boot: `${folder}/fresh-runtime.js`, imports };
  } finally {
    // The bundler is a child process that concurrent builds share.
    if (--running === 0) await esbuild.stop();
  }
}
