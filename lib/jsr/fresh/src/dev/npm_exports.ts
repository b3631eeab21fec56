import type { NpmPackage } from "./module_graph.ts";

/** The conditions of conditional exports that apply to the browser code. */
const CONDITIONS = new Set(["browser", "import", "module", "default"]);

type Target = string | null | Target[] | { [condition: string]: Target };

function isConditional(target: Target): target is { [condition: string]: Target } {
  return typeof target === "object" && target !== null && !Array.isArray(target);
}

function choose(target: Target | undefined): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return target.map(choose).find((choice) => choice !== undefined);
  if (target === undefined || !isConditional(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const choice = CONDITIONS.has(condition) ? choose(inner) : undefined;
    if (choice !== undefined) return choice;
  }
  return undefined;
}

function lookUp(exports: Target, subpath: string): string | undefined {
  const key = subpath === "" ? "." : `./${subpath}`;
  if (!isConditional(exports) || !Object.keys(exports).some((name) => name.startsWith("."))) {
    return key === "." ? choose(exports) : undefined;
  }
  if (key in exports) return choose(exports[key]);
  for (const [pattern, target] of Object.entries(exports)) {
    const [start, end] = pattern.split("*");
    if (start === undefined || end === undefined || !key.startsWith(start) || !key.endsWith(end)) continue;
    return choose(target)?.replaceAll("*", key.slice(start.length, key.length - end.length));
  }
  return undefined;
}

/** The file that an import of a package resolves to: by its declared exports, or else the path itself. */
export async function fileInPackage({ localPath }: NpmPackage, subpath: string): Promise<string> {
  const manifest: { exports?: Target } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
  const declared = manifest.exports === undefined ? undefined : lookUp(manifest.exports, subpath);
  return declared === undefined ? `./${subpath}` : declared;
}
