import { assert, assertEquals } from "@std/assert";
import { testWith } from "@/tests/needs.ts";

const root = new URL("..", import.meta.url).pathname;
/** What may import what: the first rule whose place a file is in holds. */
const RULES: readonly [place: RegExp, mayImport: RegExp][] = [
  [/^lib\/(errors|logger|metrics|trace)\.ts$/, /^$/],
  [/^lib\/config\.ts$/, /^$/],
  [/^lib\/chat\/(entries|fold)\.ts$/, /^lib\/chat\/entries\.ts$/],
  [/^lib\/protocol\/app\.ts$/, /^lib\/chat\/entries\.ts$/],
  [/^lib\/store\//, /^lib\/(store\/|(errors|logger|metrics|trace)\.ts|chat\/(entries|fold)\.ts)/],
  [/^lib\/chat\//, /^lib\/(chat\/|store\/|(errors|logger|metrics)\.ts)/],
  [/^lib\/(live|protocol|http)\//, /^lib\/(live|protocol|http|chat|store)\/|^lib\/(errors|logger|metrics|trace)\.ts/],
  [
    /^(islands|components|lib\/client)\//,
    /^(islands|components|lib\/client)\/|^lib\/(protocol\/app|chat\/entries)\.ts$/,
  ],
  [/^routes\//, /^(routes|islands|components)\/|^lib\/(?!config|jsr)/],
  [/^main\.ts$/, /^lib\//],
  [/^dev\.ts$/, /^lib\/config\.ts$|^main\.ts$/],
];

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    const path = folder === "" ? name : `${folder}/${name}`;
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

Deno.test("imports go one way: from what people touch down to the store, and pages never reach the server's side", async () => {
  const against: string[] = [];
  let arrows = 0;
  for (const file of await ours()) {
    const rule = RULES.find(([place]) => place.test(file));
    assert(rule, `no rule says what ${file} may import`);
    const text = await Deno.readTextFile(root + file);
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*"(@\/[^"]+|\.\.?\/[^"]+)"/g)) {
      const target = specifier!.startsWith("@/")
        ? specifier!.slice(2)
        : new URL(specifier!, `file:///${file}`).pathname.slice(1);
      arrows++;
      if (!rule[1].test(target)) against.push(`${file} -> ${target}`);
    }
  }
  assert(arrows > 100, "the imports were found");
  assertEquals(against, []);
});

Deno.test("only the configuration reads the environment", async () => {
  const readers: string[] = [];
  for (const file of await ours()) {
    if ((await Deno.readTextFile(root + file)).includes("Deno.env")) readers.push(file);
  }
  assertEquals(readers, ["lib/config.ts"]);
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
