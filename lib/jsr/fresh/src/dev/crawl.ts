/** A module of the project. */
export interface SourceFile {
  /** Its path without the ending, from its folder on, with a slash at the start. */
  id: string;
  /** Its absolute path. */
  path: string;
}

const MODULE = /\.(?:tsx?|jsx?|mjs)$/;
const TEST = /[._]test\.\w+$/;
const ISLANDS_GROUP = "/(_islands)/";

async function* walk(folder: string): AsyncGenerator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* walk(path);
    else yield path;
  }
}

async function modulesIn(folder: string, ignore: readonly RegExp[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const path of walk(folder)) {
    if (!MODULE.test(path) || TEST.test(path) || ignore.some((pattern) => pattern.test(path))) continue;
    files.push({ id: path.slice(folder.length).replace(MODULE, ""), path });
  }
  return files;
}

/** Groups whose name begins with an underscore hold what belongs to routes without being one. */
const isPrivate = (id: string) => /\/\(_[^/]*\)\//.test(id);

/** The routes of a project, and the islands that stand beside them. */
export async function crawlRoutes(
  folder: string,
  ignore: readonly RegExp[],
): Promise<{ routes: SourceFile[]; islands: SourceFile[] }> {
  const files = await modulesIn(folder, ignore);
  return {
    routes: files.filter(({ id }) => !isPrivate(id)),
    islands: files.filter(({ id }) => id.includes(ISLANDS_GROUP)),
  };
}

/** The modules of the folder with islands. */
export async function crawlIslands(folder: string, ignore: readonly RegExp[]): Promise<SourceFile[]> {
  return await modulesIn(folder, ignore);
}

/** The absolute paths of static files. Those that begin with a dot are left out, save for `.well-known`. */
export async function crawlStatic(folder: string, ignore: readonly RegExp[]): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of walk(folder)) {
    const parts = path.slice(folder.length + 1).split("/");
    const hidden = parts.some((part) => part.startsWith(".") && part !== ".well-known");
    if (!hidden && !ignore.some((pattern) => pattern.test(path))) paths.push(path);
  }
  return paths;
}
