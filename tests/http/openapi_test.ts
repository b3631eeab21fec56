import { assert, assertEquals } from "@std/assert";
import { Validator } from "npm:@seriousme/openapi-schema-validator@^2";
import { Ajv2020 } from "npm:ajv@^8/dist/2020.js";
import { openApi } from "@/lib/http/openapi/document.ts";
import type { Operation } from "@/lib/protocols/operation.ts";
import { OPERATIONS } from "@/lib/http/openapi/operations.ts";
import { PARAMETERS } from "@/lib/protocols/parameters.ts";
import { patternOf } from "@/lib/jsr/fresh/src/fs_routes.ts";
import { FOR_PROGRAMS } from "@/routes/_middleware.ts";
import { furnish, type Holder, PICTURE, register } from "@/tests/http/example_data.ts";
import { serve, type TestServer } from "@/tests/server.ts";

/** Operations after which somebody cannot go on as they were. */
const ENDS_SOMEBODY = new Set([
  "DELETE /api/chat/me",
  "POST /api/chat/me/password",
  "POST /api/auth/logout",
  "PATCH /api/chat/people/{person}",
]);
/** What answers programs and is no endpoint: whatever is left over, the description itself, and what is for operators. */
const NOT_ENDPOINTS = new Set(["/openapi.json", "/metrics"]);
const SOCKET = /\/ws(\/|$)/;
const api = JSON.parse(JSON.stringify(openApi(OPERATIONS)));
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { "date-time": isTime, password: true } });
ajv.addSchema(api, "api");

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text)) && text === new Date(text).toISOString();
}

/** What is wrong with a value by a schema of the document; nothing where it fits. */
function faults(schema: unknown, value: unknown): string {
  const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')));
  return check(value) ? "" : ajv.errorsText(check.errors);
}

function described(name: string) {
  const [method = "", path = ""] = name.split(" ");
  return api.paths[path][method.toLowerCase()];
}

async function* endpointFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(`../../${folder}`, import.meta.url))) {
    if (isDirectory && !name.startsWith("(")) yield* endpointFiles(`${folder}/${name}`);
    else if (name.endsWith(".ts") && !name.startsWith("_")) yield `${folder}/${name}`.slice("routes".length, -3);
  }
}

/** Where a path of the description and a route's pattern are the same: whatever their parts are called. */
function nameless(path: string): string {
  return path.replace(/\/$/, "").replace(/\{\w+\}|:\w+/g, "{}");
}

Deno.test("the description is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(api));
  assert(valid, JSON.stringify(errors));
  assertEquals(api.openapi, "3.1.0");
});

Deno.test("it's served with an ETag, and not again to clients that have it", async () => {
  await using server = await serve();
  const response = await server.fetch("/openapi.json");
  assertEquals([response.status, response.headers.get("content-type")], [200, "application/json"]);
  assertEquals(await response.json(), api);
  const headers = { "if-none-match": `"other", W/${response.headers.get("etag")}` };
  assertEquals((await server.fetch("/openapi.json", { headers })).status, 304);
  const other = await server.fetch("/openapi.json", { headers: { "if-none-match": '"other"' } });
  assertEquals(other.status, 200);
  await other.body?.cancel();
});

Deno.test("every endpoint is described, by its methods, and nothing else is", async () => {
  await using server = await serve();
  const found: string[] = [];
  for await (const file of endpointFiles("routes")) {
    const pattern = patternOf(file);
    if (!FOR_PROGRAMS.test(pattern) || NOT_ENDPOINTS.has(pattern) || SOCKET.test(pattern)) continue;
    const { headers } = await server.fetch(pattern.replace(/:\w+/g, "1"), { method: "OPTIONS" });
    const methods = headers.get("allow")?.split(", ") ?? [];
    assert(methods.length > 0, `${pattern} says which methods it knows`);
    for (const method of methods) {
      if (method !== "HEAD" && method !== "OPTIONS") found.push(`${method} ${nameless(pattern)}`);
    }
  }
  assertEquals(Object.keys(OPERATIONS).map(nameless).sort(), found.sort());
});

Deno.test("the examples match their schemas", () => {
  for (const name of Object.keys(OPERATIONS)) {
    const { requestBody, responses, parameters } = described(name);
    for (const { name: parameter, schema, example } of parameters) {
      if (example !== undefined) assertEquals(faults(schema, example), "", `${name}, ${parameter}`);
    }
    for (const { content = {} } of [requestBody ?? {}, ...Object.values<{ content?: object }>(responses)]) {
      for (const { schema, example, examples = {} } of Object.values<Content>(content)) {
        const values = [
          ...(example === undefined ? [] : [example]),
          ...Object.values(examples).map(({ value }) => value),
        ];
        for (const value of values) assertEquals(faults(schema, value), "", `${name}: ${JSON.stringify(value)}`);
      }
    }
  }
});

Deno.test("the examples hold: a server takes them, and answers as it is described", async (t) => {
  await using server = await serve({ admins: ["Alice"] });
  const alice = await register(server.url, "Alice"), bob = await register(server.url, "Bob");
  let count = 0;
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    await t.step(name, async () => {
      for (const [what, body] of requests(operation)) {
        count++;
        const spare = ENDS_SOMEBODY.has(name) ? await register(server.url, `Spare ${count}`) : undefined;
        const isAdmins = name.startsWith("PATCH /api/chat/people");
        const actor = spare && !isAdmins ? spare : alice, other = spare && isAdmins ? spare : bob;
        const real = await furnish(server.url, actor, other, `kitchen-rota-${count}`);
        await holds(server, name, actor, real, body, what);
      }
    });
  }
});

Deno.test("a method that nothing knows is refused with those that the address knows", async () => {
  await using server = await serve();
  const ask = async (path: string) => {
    const socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(server.url).port) });
    await socket.write(new TextEncoder().encode(`TRACE ${path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n`));
    const answer = await new Response(socket.readable).text();
    return [/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1], /^allow: (.*)$/im.exec(answer)?.[1]?.trim()];
  };
  assertEquals(await ask("/api/chat/rooms"), ["405", "GET, POST, HEAD, OPTIONS"]);
  assertEquals(await ask("/api/chat/rooms/general"), ["405", "GET, PATCH, DELETE, HEAD, OPTIONS"]);
  assertEquals(await ask("/"), ["405", "GET, HEAD"]);
});

interface Content {
  readonly schema: unknown;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}

/** The bodies that are given as examples, by what they are of; one without a body where none is wanted. */
function requests({ body, bytes }: Operation): [string, BodyInit | undefined][] {
  if (bytes) return [["a picture", PICTURE]];
  if (!body) return [["no body", undefined]];
  return Object.entries(body.examples).map(([what, value]) => [what, JSON.stringify(value)]);
}

async function holds(
  server: TestServer,
  name: string,
  actor: Holder,
  real: (example: string) => string,
  body: BodyInit | undefined,
  what: string,
): Promise<void> {
  const [method = "", path = ""] = name.split(" "), { responses } = described(name);
  const url = real(path.replace(/\{(\w+)\}/g, (_, part) => encodeURIComponent(String(exampleOf(name, part)))));
  const response = await server.fetch(url, {
    method,
    headers: what === "guest" ? {} : { authorization: `Bearer ${actor.token}` },
    body: typeof body === "string" ? real(body) : body,
  });
  const text = await response.text(), where = `${name}, ${what}: ${response.status} ${text}`;
  assert(response.ok, where);
  const { content, headers = {} } = responses[response.status] ?? {};
  assert(responses[response.status], where);
  if (headers.Location) assert(response.headers.has("location"), `${name} says where it is`);
  if (!content) return assertEquals(text, "", where);
  const [type = ""] = response.headers.get("content-type")?.split(";") ?? [];
  assert(content[type], `${where}: ${type}`);
  if (type === "application/json") assertEquals(faults(content[type].schema, JSON.parse(text)), "", where);
}

function exampleOf(name: string, part: string): unknown {
  return described(name).parameters.find((parameter: { name: string }) => parameter.name === part).example ??
    PARAMETERS[part]?.example;
}
