/**
 * Builds what the browser gets, into `_fresh`. `deno run -A dev.ts build` builds once, `build-if-stale` only when a source
 * is newer than what was built; without an argument the app is served and rebuilt whenever a file is saved.
 * @module
 */
import { Builder } from "fresh/dev";
import { readConfig } from "@/lib/config.ts";

const SOURCES = ["main.ts", "deno.json", "routes", "islands", "components", "lib", "static"];
const BUILT = "_fresh/server.js";

const root = import.meta.dirname;
if (!root) throw new Error("Cannot build as dev.ts is not a local file");
const builder = new Builder({ root, target: "es2022" });

switch (Deno.args[0]) {
  case undefined: {
    const { port, host: hostname } = readConfig();
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
    console.error(`Cannot ${Deno.args[0]}: say build, build-if-stale, or nothing.`);
    Deno.exit(2);
}

/** Builds into an empty folder: what earlier builds left would go into the binary too. */
async function build(): Promise<void> {
  await Deno.remove(`${root}/_fresh`, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await builder.build();
}

/** When the newest of these files and folders was written, in milliseconds since 1970; 0 where none is there. */
async function newest(paths: readonly string[]): Promise<number> {
  let time = 0;
  for (const path of paths) {
    const info = await Deno.stat(`${root}/${path}`).catch(() => undefined);
    if (info?.isDirectory) {
      const inside: string[] = [];
      for await (const { name } of Deno.readDir(`${root}/${path}`)) inside.push(`${path}/${name}`);
      time = Math.max(time, await newest(inside));
    }
    // A folder's own time tells of files that were removed.
    time = Math.max(time, info?.mtime?.getTime() ?? 0);
  }
  return time;
}
