import { assert, assertEquals } from "@std/assert";
import { testWith } from "@/tests/needs.ts";

const root = new URL("..", import.meta.url).pathname;

const BASE = ["lib/errors.ts", "lib/logger.ts", "lib/metrics.ts", "lib/tracing.ts"];
const MODEL = ["lib/model", "lib/model/schema"];
const BROWSER = ["lib/client", "lib/protocols/app/frames.ts", "lib/ui", "lib/model"];

/** What the files of each place may import beside one another, types too. A file is in the longest place that it fits. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "lib/config.ts": [],
  "lib/errors.ts": [],
  "lib/logger.ts": [],
  "lib/metrics.ts": [],
  "lib/tracing.ts": [],
  "lib/model": ["lib/model/schema"],
  "lib/model/schema": ["lib/model"],
  "lib/store": [...MODEL, ...BASE],
  "lib/chat": ["lib/store", ...MODEL, ...BASE],
  "lib/cluster": ["lib/store", ...MODEL, ...BASE],
  "lib/protocols": ["lib/protocols/app/frames.ts", "lib/chat", ...MODEL, "lib/errors.ts"],
  "lib/protocols/app/frames.ts": ["lib/model", "lib/protocols"],
  "lib/live": ["lib/protocols", "lib/cluster", "lib/chat", "lib/store", ...MODEL, ...BASE],
  "lib/http": ["lib/live", "lib/protocols", "lib/cluster", "lib/chat", "lib/store", ...MODEL, ...BASE],
  "lib/server": ["lib/http", "lib/live", "lib/cluster", "lib/chat", "lib/store", "lib/config.ts", ...MODEL, ...BASE],
  "lib/cli": ["lib/server", "lib/http", "lib/config.ts", ...BASE],
  "lib/ui": ["lib/model"],
  "lib/client": [...BROWSER],
  components: [...BROWSER],
  islands: ["components", ...BROWSER],
  routes: ["islands", "components", "lib/http", "lib/protocols", "lib/chat", "lib/model/schema", ...BASE, ...BROWSER],
  "main.ts": ["lib/cli", "lib/server", "lib/http", ...BASE],
  "dev.ts": ["main.ts", "lib/config.ts"],
};
const PLACES = Object.keys(MAY_IMPORT).sort((one, other) => other.length - one.length);

/** What each file, or folder, imports. */
type Imports = ReadonlyMap<string, ReadonlySet<string>>;

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory && path !== "lib/jsr") yield* sources(path);
    else if (/\.tsx?$/.test(name)) yield path;
  }
}

async function ours(): Promise<string[]> {
  const files: string[] = ["main.ts", "dev.ts"];
  for (const folder of ["lib", "routes", "islands", "components"]) {
    for await (const file of sources(folder)) files.push(file);
  }
  return files;
}

async function imports(): Promise<Imports> {
  return new Map(
    await Promise.all((await ours()).map(async (file) => {
      const text = await Deno.readTextFile(root + file);
      const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*"(@\/[^"]+|\.\.?\/[^"]+)"/g);
      return [file, new Set([...specifiers].map(([, specifier = ""]) => target(file, specifier)))] as const;
    })),
  );
}

function target(file: string, specifier: string): string {
  return specifier.startsWith("@/") ? specifier.slice(2) : new URL(specifier, `file:///${file}`).pathname.slice(1);
}

function placeOf(file: string): string {
  const place = PLACES.find((place) => file === place || file.startsWith(`${place}/`));
  assert(place, `no rule says what ${file} may import`);
  return place;
}

/** The folders of files, and which folders import which. */
function folders(files: Imports): Imports {
  const folderOf = (file: string) => file.split("/").slice(0, file.startsWith("lib/") ? 2 : 1).join("/");
  const found = new Map<string, Set<string>>();
  for (const [file, targets] of files) {
    const from = folderOf(file), known = found.get(from) ?? new Set();
    found.set(from, known);
    for (const folder of [...targets].map(folderOf)) if (folder !== from) known.add(folder);
  }
  return found;
}

/** A circle of imports, or an empty list. */
function circle(graph: Imports): readonly string[] {
  const done = new Set<string>();
  const search = (node: string, path: readonly string[]): readonly string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const found = search(next, [...path, node]);
      if (found.length > 0) return found;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const found = search(node, []);
    if (found.length > 0) return found;
  }
  return [];
}

Deno.test("each folder imports only what the rules allow", async () => {
  const against: string[] = [];
  let arrows = 0;
  for (const [file, targets] of await imports()) {
    const place = placeOf(file);
    for (const target of targets) {
      const to = placeOf(target);
      arrows++;
      if (to !== place && !MAY_IMPORT[place]?.includes(to)) against.push(`${file} -> ${target}`);
    }
  }
  assert(arrows > 1_000, "the imports were found");
  assertEquals(against, []);
});

Deno.test("a circle is found", () => {
  const graph = (edges: Record<string, string[]>) =>
    new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));
  assertEquals(circle(graph({ a: ["b", "c"], b: ["c"], c: [] })), []);
  assertEquals(circle(graph({ a: ["b"], b: ["c", "d"], c: [], d: ["b"] })), ["b", "d", "b"]);
});

Deno.test("no file and no folder imports itself by way of others", async () => {
  const files = await imports();
  assertEquals(circle(files), []);
  assertEquals(circle(folders(files)), []);
});

Deno.test("only the configuration reads the environment", async () => {
  const readers: string[] = [];
  for (const file of await ours()) {
    if ((await Deno.readTextFile(root + file)).includes("Deno.env")) readers.push(file);
  }
  assertEquals(readers, ["lib/config.ts"]);
});

Deno.test("only lib/chat limits, and asks the policy", async () => {
  const asks: string[] = [];
  for (const file of (await ours()).filter((file) => !file.startsWith("lib/chat/"))) {
    const text = await Deno.readTextFile(root + file);
    const isAsking = /\bRateLimiter\b|\bPolicy\b|\bpolicy\.\w+\(|rate_limiter/.test(
      text.replace(/^ *(\/\/|\/?\*).*$/gm, ""),
    );
    if (isAsking) asks.push(file);
  }
  assertEquals(asks, ["lib/server/compose.ts"]);
});

testWith("git", "the top level is what the README says and no more", async () => {
  const expected = [
    ".ci",
    ".gitignore",
    "Dockerfile",
    "docs",
    "LICENSE",
    "README.md",
    "components",
    "compose.yaml",
    "deno.json",
    "deno.lock",
    "dev.ts",
    "islands",
    "lib",
    "main.ts",
    "routes",
    "static",
    "tests",
  ];
  const { stdout } = await new Deno.Command("git", { args: ["ls-files"], cwd: root, stdout: "piped" }).output();
  const tracked = new Set(new TextDecoder().decode(stdout).trim().split("\n").map((path) => path.split("/")[0]!));
  for (const name of tracked) assert(expected.includes(name) || name === ".dockerignore", name);
});
