import { assert, assertEquals } from "@std/assert";

const root = new URL("..", import.meta.url).pathname;

/** What the program needs of npm at run time. */
const PACKAGES = [
  "@opentelemetry/api",
  "@preact/signals",
  "@preact/signals-core",
  "@zxcvbn-ts/dictionary-compression",
  "@zxcvbn-ts/language-common",
  "jose",
  "preact",
  "preact-render-to-string",
  "uqr",
  "zod",
];
/** What no binary may carry: what only builds or tests, and whatever lies about on the machine that compiles. */
const FOREIGN =
  /(^|\/)(tests?|dev|dev\.ts|data|dist|docs|node_modules|\.git|\.ci|\.env)(\/|$)|esbuild|playwright|chrom/;

Deno.test("the binary holds the program, the built app and nothing else", async () => {
  const embedded = await compile();
  const own = embedded.filter((path) => !path.startsWith(".deno_compile_node_modules/"));
  const top = [...new Set(own.map((path) => path.split("/")[0]))].sort();
  assertEquals(top, ["_fresh", "components", "islands", "lib", "main.ts", "routes", "static"]);
  // main.ts imports _fresh/server.js by an address that no compiler follows, and that reads both folders when asked.
  for (const path of ["main.ts", "_fresh/*", "static/*", "routes/*"]) assert(own.includes(path), `${path} is missing`);
  assertEquals(embedded.filter((path) => FOREIGN.test(path)), []);
  const packages = embedded.flatMap((path) =>
    /^\.deno_compile_node_modules\/[^/]+\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []
  );
  assertEquals([...new Set(packages)].sort(), PACKAGES);
});

/** Compiles as `deno task compile` does, but to a folder that is thrown away, and lists what was embedded. */
async function compile(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const [build, command, ...rest]: string[] = tasks.compile.command.split(" && ");
  assertEquals([build, rest], [tasks.build.command, []]);
  const folder = await Deno.makeTempDir({ prefix: "hubbub-" });
  try {
    const args = command!.replace("dist/", `${folder}/`).split(" ").slice(1);
    // Any runtime does, as nothing is run: the right one would have to be fetched.
    const env = { NO_COLOR: "1", DENORT_BIN: Deno.execPath() };
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env, cwd: root }).output();
    const output = new TextDecoder().decode(stderr);
    assert(success, output);
    assert((await Deno.stat(`${folder}/hubbub`)).size > 0);
    return listed(output);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The paths in the tree of embedded files that the compiler prints; a folder that is there as a whole ends in `/*`. */
function listed(output: string): string[] {
  const paths: string[] = [], folders: string[] = [];
  for (const line of output.split("\n")) {
    const [, indent, kind, name] = /^((?:│ | {2})*)[├└]─([─┬]) (.+?)(?: \([^()]*\))?$/.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    folders.length = indent.length / 2;
    folders.push(name);
    if (kind === "─") paths.push(folders.join("/"));
  }
  return paths;
}
