import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { fileInPackage } from "./npm_exports.ts";
import type { ModuleGraph, Resolved } from "./module_graph.ts";

const PUBLIC_VARIABLE = /Deno\.env\.get\(\s*(["'])(FRESH_PUBLIC_\w+)\1\s*\)/g;

async function toResult(build: PluginBuild, resolved: Resolved): Promise<OnResolveResult> {
  if ("file" in resolved) return { path: resolved.file };
  const { localPath } = resolved.package;
  const path = await fileInPackage(resolved.package, resolved.subpath);
  // The bundler knows how to complete a path: endings, folders, the main file that a manifest names.
  const { path: complete, errors, sideEffects } = await build.resolve(path, {
    resolveDir: localPath,
    kind: "import-statement",
    pluginData: { complete: true },
  });
  return errors.length > 0 ? { errors } : { path: complete, sideEffects };
}

/** Variables whose name says that they are public become part of the code. */
async function loadWithVariables(path: string): Promise<OnLoadResult | undefined> {
  const code = await Deno.readTextFile(path);
  if (!code.includes("FRESH_PUBLIC_")) return undefined;
  const contents = code.replace(
    PUBLIC_VARIABLE,
    (_, _quote, name: string) => JSON.stringify(Deno.env.get(name)) ?? "undefined",
  );
  const loader = path.endsWith("x") ? "tsx" : "ts";
  return { contents, loader };
}

/** Resolves imports as the runtime does, and gives the browser's code what only the build knows. */
export function resolvePlugin(graph: ModuleGraph, buildIdModule: string, buildId: string): Plugin {
  const resolve = (args: OnResolveArgs): Resolved | undefined => {
    const known = graph.resolve(args.importer, args.path);
    if (known !== undefined || /^[./]/.test(args.path)) return known;
    const from = graph.packageOf(args.importer);
    return from === undefined ? undefined : graph.resolveInPackage(from, args.path);
  };
  return {
    name: "fresh-resolve",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === "entry-point" || args.pluginData?.complete) return undefined;
        const resolved = resolve(args);
        return resolved === undefined ? undefined : await toResult(build, resolved);
      });
      build.onLoad({ filter: /\.[mc]?[jt]sx?$/ }, async ({ path }) => {
        if (path === buildIdModule) return { contents: `export const BUILD_ID = ${JSON.stringify(buildId)};` };
        return graph.packageOf(path) === undefined ? await loadWithVariables(path) : undefined;
      });
    },
  };
}
