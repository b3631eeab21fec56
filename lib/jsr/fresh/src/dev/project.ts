/** The compiler options in deno.json that the build depends on. */
interface CompilerOptions {
  jsx?: string;
  jsxImportSource?: string;
  jsxPrecompileSkipElements?: string[];
}

/** The elements that the renderer changes, so they must not be precompiled to strings. */
const CHANGED = ["html", "head", "body", "script", "style"];

/**
 * Finds the deno.json of a project: the one in its folder, or else the one in the working directory.
 *
 * @throws {Error} If neither exists.
 */
export async function findConfig(root: string): Promise<string> {
  for (const folder of [root, Deno.cwd()]) {
    const path = `${folder}/deno.json`;
    if (await exists(path)) return path;
  }
  throw new Error(`Cannot build as there is no deno.json in ${root}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Checks that JSX is compiled in a way that works with the renderer.
 *
 * @throws {Error} If a setting is missing; the message says which.
 */
export async function checkConfig(configPath: string): Promise<void> {
  const config: { compilerOptions?: CompilerOptions } = JSON.parse(await Deno.readTextFile(configPath));
  const { jsx, jsxImportSource, jsxPrecompileSkipElements = [] } = config.compilerOptions ?? {};
  if (jsxImportSource !== "preact") {
    throw new Error(
      `Cannot build as compilerOptions.jsxImportSource in ${configPath} must be "preact": current value is ${
        JSON.stringify(jsxImportSource)
      }`,
    );
  }
  const missing = jsx === "precompile" ? CHANGED.filter((name) => !jsxPrecompileSkipElements.includes(name)) : [];
  if (missing.length > 0) {
    throw new Error(
      `Cannot build as compilerOptions.jsxPrecompileSkipElements in ${configPath} lacks ${JSON.stringify(missing)}`,
    );
  }
}
