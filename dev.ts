/**
 * Builds the app into `_fresh`. `deno run -A dev.ts build` builds once, `build-if-stale` only when a source is newer than the
 * build; without an argument the app is served, and rebuilt whenever a file is saved.
 * @module
 */
import { gzipSync } from "node:zlib";
import { Builder } from "fresh/dev";
// So that the packages are installed, wherever the runtime keeps them.
import "redoc/package.json" with { type: "json" };
import "swagger-ui-dist/package.json" with { type: "json" };
import { readConfig } from "@/lib/config.ts";

const SOURCES = ["main.ts", "deno.json", "routes", "islands", "components", "lib", "static"];
const BUILT = "_fresh/server.js";
/** Files of other packages that the API's pages load as they are. */
const VENDORED = [
  "swagger-ui-dist/swagger-ui.css",
  "swagger-ui-dist/swagger-ui-bundle.js",
  "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
  "redoc/bundles/redoc.standalone.js",
  "redoc/bundles/redoc.standalone.js.LICENSE.txt",
];
/** Replacements of what our pages' Content-Security-Policy doesn't allow. */
const ALTERED: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  "redoc/bundles/redoc.standalone.js": [
    // A picture of another site becomes an empty one.
    ["https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,"],
    // It needs the page's nonce before it adds its first style sheet.
    [".nc=void 0", ".nc=document.currentScript.nonce"],
  ],
};

const root = import.meta.dirname;
if (!root) throw new Error("Cannot build as dev.ts is not a local file");
const builder = new Builder({ root, target: "es2022" });

switch (Deno.args[0]) {
  case undefined: {
    const { port, host: hostname } = readConfig();
    await vendor();
    await builder.listen(() => import("./main.ts"), { port, hostname });
    break;
  }
  case "build":
    await build();
    break;
  case "build-if-stale":
    if (await newest(SOURCES) > await newest([BUILT])) await build();
    break;
  default:
    console.error(`Unknown command ${Deno.args[0]}. Use build, build-if-stale, or none.`);
    Deno.exit(2);
}

/** Builds into an empty folder, as files of earlier builds would go into the binary too. */
async function build(): Promise<void> {
  await Deno.remove(`${root}/_fresh`, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await vendor();
  await builder.build();
}

/**
 * Compresses {@link VENDORED} for `routes/vendor`, to a quarter of the size. Files that haven't changed aren't written, as
 * each write restarts the development server.
 */
async function vendor(): Promise<void> {
  await Deno.mkdir(`${root}/static/vendor`, { recursive: true });
  for (const file of VENDORED) {
    let text = await Deno.readTextFile(new URL(import.meta.resolve(file)));
    for (const [from, to] of ALTERED[file] ?? []) {
      if (!text.includes(from)) throw new Error(`Cannot build as ${file} has changed: it doesn't contain ${from}`);
      text = text.replaceAll(from, to);
    }
    const target = `${root}/static/vendor/${file.slice(file.lastIndexOf("/") + 1)}.gz`;
    const packed = gzipSync(text, { level: 9 });
    const there = await Deno.readFile(target).catch(() => undefined);
    if (!there || !packed.equals(there)) await Deno.writeFile(target, packed);
  }
}

/** When the newest of these files and folders was written, in milliseconds since 1970; 0 if none exists. */
async function newest(paths: readonly string[]): Promise<number> {
  let time = 0;
  for (const path of paths) {
    const info = await Deno.stat(`${root}/${path}`).catch(() => undefined);
    if (info?.isDirectory) {
      const inside: string[] = [];
      for await (const { name } of Deno.readDir(`${root}/${path}`)) inside.push(`${path}/${name}`);
      time = Math.max(time, await newest(inside));
    }
    // A folder's own time shows that files were removed.
    time = Math.max(time, info?.mtime?.getTime() ?? 0);
  }
  return time;
}
