/** A module of the project. */
export interface SourceFile {
  /** The path below its folder with a slash at the start and without the extension. */
  id: string;
  /** The absolute path. */
  path: string;
}

const MODULE = /\.tsx?$/;
/** A folder whose modules belong to routes without being routes, such as `(_parts)`. */
const PRIVATE = /\/\(_[^/]*\)\//;

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

/** Finds the modules of the folder of routes or islands. */
export async function crawlModules(folder: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const path of walk(folder)) {
    const id = path.slice(folder.length).replace(MODULE, "");
    if (MODULE.test(path) && !PRIVATE.test(id)) files.push({ id, path });
  }
  return files;
}

/** Finds the static files, by their path in the URL. Those that start with a dot are left out, except `.well-known`. */
export async function crawlStatic(folder: string): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for await (const path of walk(folder)) {
    const pathname = path.slice(folder.length);
    const hidden = pathname.split("/").some((part) => part.startsWith(".") && part !== ".well-known");
    if (!hidden) paths.set(encodeURI(pathname), path);
  }
  return paths;
}
