/** What of a project's deno.json the build has to know. */
interface CompilerOptions {
  jsx?: string;
  jsxImportSource?: string;
  jsxPrecompileSkipElements?: string[];
}

/** The elements that the renderer must see one by one, be it to lock addresses or to add what a page needs. */
const VISIBLE = [
  "a",
  "img",
  "source",
  "body",
  "html",
  "head",
  "title",
  "meta",
  "script",
  "link",
  "style",
  "base",
  "noscript",
  "template",
];

/** The nearest deno.json from a folder upwards. */
export async function findConfig(folder: string): Promise<string | undefined> {
  for (const name of ["deno.json", "deno.jsonc"]) {
    const path = `${folder}/${name}`;
    if (await exists(path)) return path;
  }
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  return parent === folder || folder === "" ? undefined : await findConfig(parent);
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** JSON with its comments and trailing commas taken out; strings stay as they are. */
function plainJson(text: string): string {
  const withoutComments = text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, string?: string) => string ?? "",
  );
  return withoutComments.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? "");
}

async function compilerOptions(configPath: string): Promise<CompilerOptions> {
  const config: { compilerOptions?: CompilerOptions } = JSON.parse(plainJson(await Deno.readTextFile(configPath)));
  return config.compilerOptions ?? {};
}

/**
 * Makes sure that JSX is compiled for the renderer.
 *
 * @throws {Error} If the configuration lacks what it needs; the message says what to add.
 */
export async function checkConfig(configPath: string): Promise<void> {
  const { jsx, jsxImportSource, jsxPrecompileSkipElements = [] } = await compilerOptions(configPath);
  if (jsxImportSource !== "preact") {
    throw new Error(
      `Cannot build as compilerOptions.jsxImportSource in ${configPath} must be "preact": current value is ${
        JSON.stringify(jsxImportSource)
      }`,
    );
  }
  const missing = jsx === "precompile" ? VISIBLE.filter((name) => !jsxPrecompileSkipElements.includes(name)) : [];
  if (missing.length > 0) {
    throw new Error(
      `Cannot build as compilerOptions.jsxPrecompileSkipElements in ${configPath} lacks ${JSON.stringify(missing)}`,
    );
  }
}
