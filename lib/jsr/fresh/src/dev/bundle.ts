import * as esbuild from "esbuild";
import { readModuleGraph } from "./module_graph.ts";
import { fromFileUrl, toFileUrl } from "./paths.ts";
import { resolvePlugin } from "./resolve_plugin.ts";

/** What is bundled, and how. */
export interface BundleOptions {
  /** The paths of the modules with islands, by the name that their bundled one gets. */
  islands: ReadonlyMap<string, string>;
  buildId: string;
  target: string | string[];
  configPath: string | undefined;
  root: string;
  minify: boolean;
  sourceMap?: boolean | "linked" | "inline" | "external" | "both";
}

/** The browser's code. */
export interface Bundle {
  /** The content of each file by its path in the URL. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** The path of the module that brings islands to life. */
  boot: string;
  /** For each module the paths of those that it imports at once. */
  imports: Record<string, string[]>;
}

const BOOT = import.meta.resolve("../runtime/client/boot.ts");
const SERVER = import.meta.resolve("../mod.ts");
const BUILD_ID_MODULE = import.meta.resolve("../runtime/build_id.ts");

/** Where the browser's code of a build is, in the URL. */
export function chunkFolder(buildId: string): string {
  return `/_fresh/js/${buildId}`;
}

/** The folder that the bundler believes to write to; its files stay in memory. */
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
 * Bundles islands for the browser, with what they share in modules of their own.
 *
 * @throws {Error} If a module cannot be resolved or compiled.
 */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const { islands, buildId, target, configPath, root, minify, sourceMap } = options;
  // The server's part is asked about too: what depends on one another must be resolved together to be one copy for both.
  const entries = [SERVER, BOOT, ...[...islands.values()].map(toFileUrl)];
  const graph = await readModuleGraph(entries, configPath);
  const entryPoints = [
    { in: fromFileUrl(BOOT), out: "fresh-runtime" },
    ...[...islands].map(([name, path]) => ({ in: path, out: name })),
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
      sourcemap: sourceMap ?? false,
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
    // The bundler is a process of its own, which builds that are under way share.
    if (--running === 0) await esbuild.stop();
  }
}
