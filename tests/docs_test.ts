/**
 * Replays the examples in docs/protocols.md against a server, from top to bottom. In a block, `>` lines are sent and `<`
 * lines are expected. `<name>` stands for any value at its first place, and for the same one from there on; the names in
 * {@link KINDS} stand for any value of their kind.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Client } from "@/tests/client.ts";
import { eventually } from "@/tests/limits.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const path = new URL("../docs/protocols.md", import.meta.url);
const blocks = [...(await Deno.readTextFile(path)).matchAll(/^```(http|frames)\n([^]*?)^```$/gm)];

/** Placeholders for values that differ from place to place. */
const KINDS: Readonly<Record<string, RegExp>> = {
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  seconds: /^\d+(\.\d{1,3})?$/,
  number: /^\d+(\.\d+)?$/,
  text: /^.+$/,
};
const PLACEHOLDER = /<([a-z][a-z-]*)>/g;

/** What the placeholders stand for so far. */
class Values {
  readonly #known = new Map<string, string>();

  /** A text to send, with its placeholders filled in. */
  filled(text: string): string {
    return text.replaceAll(PLACEHOLDER, (_, name) => {
      const value = this.#known.get(name);
      assert(value !== undefined, `<${name}> is used before it came`);
      return value;
    });
  }

  /** Compares a text with the expected one, whose placeholders learn what they stand for. */
  expect(expected: string, actual: string): void {
    const names: string[] = [];
    const pattern = expected.split(PLACEHOLDER).map((part, index) => {
      if (index % 2 === 0) return part.split("...").map(escaped).join(".*");
      names.push(part);
      return "(.+?)";
    }).join("");
    const found = new RegExp(`^${pattern}$`, "s").exec(actual);
    assert(found, `expected ${expected}, got ${actual}`);
    for (const [index, name] of names.entries()) {
      const value = found[index + 1]!, kind = KINDS[name];
      if (kind) assertMatch(value, kind, expected);
      else if (this.#known.has(name)) assertEquals(value, this.#known.get(name), `<${name}> in ${actual}`);
      else this.#known.set(name, value);
    }
  }

  /** Compares JSON with the expected one, in which `...` stands for more fields. */
  expectJson(expected: string, actual: unknown): void {
    const quoted = expected.replaceAll(/(?<=[:[,]\s*)<([a-z][a-z-]*)>/g, '"<$1>"').replaceAll(
      /\.\.\.(?=\s*\})/g,
      '"...":0',
    );
    this.#compare(JSON.parse(quoted), actual, expected);
  }

  #compare(expected: unknown, actual: unknown, where: string): void {
    if (typeof expected === "string") return this.expect(expected, String(actual));
    if (typeof expected !== "object" || expected === null) return assertEquals(actual, expected, where);
    assert(typeof actual === "object" && actual !== null, `${where}: ${JSON.stringify(actual)}`);
    const wanted = new Map<string, unknown>(Object.entries(expected)), hasMore = wanted.delete("...");
    const given = new Map<string, unknown>(Object.entries(actual));
    const keys = [...given.keys()].filter((key) => !hasMore || wanted.has(key));
    assertEquals(keys.sort(), [...wanted.keys()].sort(), `${where}: ${JSON.stringify(actual)}`);
    for (const [key, value] of wanted) this.#compare(value, given.get(key), where);
  }
}

/** Sends the `>` lines of an `http` block, and compares the answer with the `<` lines. */
async function replayHttp(server: TestServer, values: Values, text: string): Promise<void> {
  const exchanges = text.trim().split(/\n(?=> [A-Z]+ \/)/);
  for (const exchange of exchanges) {
    const lines = exchange.split("\n").filter((line) => line !== "");
    const [head = "", ...sent] = lines.filter((line) => line.startsWith(">")).map((line) =>
      values.filled(line.slice(2))
    );
    const [status, ...expected] = lines.filter((line) => line.startsWith("<")).map((line) => line.slice(2));
    const [method, target = ""] = head.split(" ");
    const isHeader = (line: string) => /^[\w-]+: /.test(line);
    const headers = new Headers(Object.fromEntries(sent.filter(isHeader).map((line) => line.split(": "))));
    const body = sent.filter((line) => !isHeader(line)).join("");
    const response = await server.fetch(target, { method, headers, body: body === "" ? undefined : body });
    const answer = await response.text();
    assertEquals(String(response.status), status?.split(" ")[0], `${head}: ${answer}`);
    for (const line of expected.filter(isHeader)) {
      const [name = "", ...value] = line.split(": ");
      values.expect(value.join(": "), headerOf(response, name, value.join(": ")));
    }
    const json = expected.filter((line) => !isHeader(line)).join("");
    if (json === "") assertEquals(answer, "", head);
    else values.expectJson(json, JSON.parse(answer));
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A header of an answer; of several cookies, the one with the expected name. */
function headerOf({ headers }: Response, name: string, expected: string): string {
  if (name !== "Set-Cookie") return headers.get(name) ?? "";
  const [cookie = ""] = expected.split("=", 1);
  return headers.getSetCookie().find((one) => one.startsWith(`${cookie}=`)) ?? "";
}

/** Plays a `frames` block: `alice opens /path`, `alice > frame`, `alice < frame`, `alice closes`, `alice < closed 4404`. */
async function replayFrames(server: TestServer, values: Values, text: string): Promise<void> {
  const clients = new Map<string, Client>();
  for (const line of text.split("\n").filter((line) => line.trim() !== "")) {
    const [, name = "", verb, rest = ""] = /^(\w+) (opens|closes|>|<) ?(.*)$/.exec(line) ?? [];
    const client = clients.get(name);
    if (verb === "opens") {
      const [target = "", cookie] = values.filled(rest).split(" with Cookie: ");
      clients.set(name, server.socket(target, cookie === undefined ? {} : { headers: { cookie } }));
      continue;
    }
    assert(client, `${line}: no such socket, or no such line`);
    if (verb === ">") await client.send(values.filled(rest));
    else if (verb === "closes") client.close();
    else if (rest.startsWith("closed ")) assertEquals((await client.closed).code, Number(rest.split(" ")[1]), line);
    else values.expectJson(rest, await client.next());
  }
  for (const client of clients.values()) client.close();
  await eventually("the sockets to leave", () => {
    assertEquals(server.chat.hub.connections.size, 0);
    return Promise.resolve();
  });
}

Deno.test("the examples in docs/protocols.md are what the server sends", async (t) => {
  await using server = await serve();
  const values = new Values();
  assert(blocks.length > 10, "the examples were found");
  for (const [, language, text = ""] of blocks) {
    const [first = ""] = text.split("\n");
    const replay = language === "http" ? replayHttp : replayFrames;
    assert(await t.step(first, () => replay(server, values, text)), first);
  }
});
