/**
 * Replaces modules of the program in a process: an import map reaches its Workers as well, where `deno run --preload`
 * reaches its main isolate alone.
 * @module
 */
import { z } from "zod";

const root = new URL("../../", import.meta.url);
const settings = z.object({ imports: z.record(z.string(), z.string()) });

/** For modules, as they are imported ("@/lib/logger.ts"), the URLs of those that stand in for them. */
export type ModuleOverrides = Readonly<Record<string, string>>;

/**
 * Writes the program's import map with some modules replaced. What is in `tests/` still imports the real ones.
 */
export async function writeImportMap(file: string, overrides: ModuleOverrides): Promise<void> {
  const { imports } = settings.parse(JSON.parse(await Deno.readTextFile(new URL("deno.json", root))));
  const own = Object.entries(imports).flatMap(([name, target]) => [
    [name, target.startsWith("./") ? new URL(target, root).href : target],
    // An entry of `deno.json` also stands for the subpaths of a package; an import map has to say so.
    ...target.startsWith("./") ? [] : [[`${name}/`, `${target.replace(":", ":/")}/`]],
  ]);
  const real = Object.keys(overrides).map((name) => [name, new URL(name.replace("@/", "./"), root).href]);
  const scopes = { [new URL("tests/", root).href]: Object.fromEntries(real) };
  await Deno.writeTextFile(file, JSON.stringify({ imports: { ...Object.fromEntries(own), ...overrides }, scopes }));
}
