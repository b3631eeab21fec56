import { assert, assertEquals } from "@std/assert";
import { keys } from "@/lib/store/keys.ts";

const lib = new URL("../../lib", import.meta.url).pathname;
/** Where prefixes are written out: the keyspace, and what older ones looked like. */
const KEYSPACE = new Set(["store/key.ts", "store/keys.ts", "store/migrations.ts"]);

const RAW = /\b(prefix|start|end|path|key): \["[^\]]*\]/g;

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && name !== "jsr") yield* sources(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}

Deno.test("every family of keys has a name and a prefix that no other one's begins with", () => {
  const families = Object.values(keys);
  const names = families.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const { name, prefix } of families) {
    assertEquals(name, prefix.join("."));
    const beside = families.filter((other) => prefix.every((part, index) => other.prefix[index] === part));
    assertEquals(beside.map((other) => other.name), [name]);
  }
});

Deno.test("a family gives keys, the keys under some parts, and those between two", () => {
  const { schema } = keys.member;
  assertEquals(keys.member(7, "ada"), { path: ["member", 7, "ada"], schema });
  assertEquals(keys.member.under(7), { prefix: ["member", 7], schema });
  assertEquals(keys.member.under(), { prefix: ["member"], schema });
  assertEquals(keys.head.between([3], [9]), { start: ["head", 3], end: ["head", 9], schema: keys.head.schema });
  assertEquals(keys.tokenKeys().path, ["setting", "token_keys"]);
});

Deno.test("keys are written out in the keyspace alone", async () => {
  const found: string[] = [];
  let files = 0;
  for await (const file of sources(lib)) {
    files++;
    const path = file.slice(lib.length + 1);
    const text = await Deno.readTextFile(file);
    if (KEYSPACE.has(path) || !text.includes("@/lib/store/")) continue;
    for (const [raw] of text.matchAll(RAW)) found.push(`${path}: ${raw}`);
  }
  assert(files > 50);
  assertEquals(found, []);
});
