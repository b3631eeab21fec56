/**
 * Puts the clock that somebody sets before a program. `deno run --preload` would reach its main isolate only, and an import
 * map reaches its Workers as well.
 * @module
 */
import { z } from "zod";

const JOURNAL = "@/lib/logger.ts";
const clock = new URL("./clock.ts", import.meta.url).href;
const settings = z.object({ imports: z.record(z.string(), z.string()) });

/** Writes the import map of the program in a folder, with the clock in it, to a file. */
export async function writeClockMap(program: string, file: string): Promise<void> {
  const root = new URL(`file://${program}/`), text = await Deno.readTextFile(new URL("deno.json", root));
  const { imports } = settings.parse(JSON.parse(text));
  const own = Object.entries(imports).flatMap(([name, target]) => [
    [name, target.startsWith("./") ? new URL(target, root).href : target],
    // What `deno.json` says of a package goes for its subpaths; an import map wants that said.
    ...target.startsWith("./") ? [] : [[`${name}/`, `${target.replace(":", ":/")}/`]],
  ]);
  const scopes = { [clock]: { [JOURNAL]: new URL("lib/logger.ts", root).href } };
  await Deno.writeTextFile(file, JSON.stringify({ imports: { ...Object.fromEntries(own), [JOURNAL]: clock }, scopes }));
}
