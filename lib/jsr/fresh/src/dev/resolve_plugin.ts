import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { fileInPackage } from "./npm_exports.ts";
import type { ModuleGraph, Resolved } from "./module_graph.ts";

async function toResult(build: PluginBuild, resolved: Resolved): Promise<OnResolveResult> {
  if ("file" in resolved) return { path: resolved.file };
  const { localPath } = resolved.package;
  const path = await fileInPackage(resolved.package, resolved.subpath);
  // The bundler completes the path with an extension, an index file, or the main file of a manifest.
  const { path: complete, errors, sideEffects } = await build.resolve(path, {
    resolveDir: localPath,
    kind: "import-statement",
    pluginData: { complete: true },
  });
  return errors.length > 0 ? { errors } : { path: complete, sideEffects };
}

/** A bundler plugin that resolves imports as Deno does and inserts the id of the build. */
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
      build.onLoad({ filter: /\/build_id\.ts$/ }, ({ path }) => {
        return path === buildIdModule ? { contents: `export const BUILD_ID = ${JSON.stringify(buildId)};` } : undefined;
      });
    },
  };
}
