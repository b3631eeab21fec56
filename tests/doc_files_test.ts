import { assertEquals } from "@std/assert";

const root = new URL("..", import.meta.url).pathname;
const DOCUMENTS = ["README.md", "docs/architecture.md", "docs/decisions.md", "docs/glossary.md", "docs/protocols.md"];

function isThere(path: string): Promise<boolean> {
  return Deno.stat(root + path).then(() => true, () => false);
}

async function* files(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(root + folder)) {
    if (isDirectory) yield* files(`${folder}/${name}`);
    else if (/\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}

/** Paths that a text names, and that aren't there. */
async function missing(path: string, pattern: RegExp): Promise<string[]> {
  const named = [...(await Deno.readTextFile(root + path)).matchAll(pattern)].map(([, one = ""]) => one);
  const found = await Promise.all(named.map(async (one) => await isThere(one) ? [] : [`${path} names ${one}`]));
  return found.flat();
}

Deno.test("every file that the documents name is there", async () => {
  const named = /`((?:lib|routes|islands|components|static|tests|docs)\/[\w./[\]()-]+\.\w+)`/g;
  assertEquals((await Promise.all(DOCUMENTS.map((path) => missing(path, named)))).flat(), []);
});

Deno.test("every document that a file of the code names is there", async () => {
  const all: string[] = [];
  for (const folder of ["lib", "routes", "islands", "components"]) {
    for await (const path of files(folder)) all.push(...await missing(path, /\b((?:docs\/)?[\w-]+\.md)\b/g));
  }
  assertEquals(all, []);
});
