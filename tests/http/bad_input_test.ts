import { assert, assertEquals } from "@std/assert";
import { everything } from "@/tests/http/requests.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const PASSWORD = "correct horse battery";

async function post(server: TestServer, path: string, body: string): Promise<{ status: number; detail: string }> {
  const response = await server.fetch(path, { method: "POST", body });
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  const { detail, status } = await response.json();
  assertEquals(status, response.status);
  assert(detail.length > 10, "a sentence says what is wrong");
  return { status, detail };
}

Deno.test("bad input is refused with a sentence, and nothing is stored", async (t) => {
  await using server = await serve();
  const before = await everything(server);
  const bodies: [string, string, number][] = [
    ["a body of more than 64 KiB", JSON.stringify({ name: "x".repeat(70_000) }), 413],
    ["JSON that goes down and down", `{"name":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, 422],
    ["a key that comes twice", '{"name":"one","name":"two"}', 422],
    ["a key that comes twice further down", '{"name":"one","x":{"y":1,"y":2}}', 422],
    ["what is not JSON", '{"name":', 422],
    ["a number in place of a name", '{"name":5}', 422],
    ["a list in place of an object", '["name"]', 422],
  ];
  for (const [what, body, status] of bodies) {
    await t.step(what, async () => assertEquals((await post(server, "/api/chat/rooms", body)).status, status));
  }
  await t.step("bytes that aren't UTF-8", async () => {
    const response = await server.fetch("/api/chat/rooms", {
      method: "POST",
      body: new Uint8Array([0x22, 0xff, 0x22]),
    });
    await response.body?.cancel();
    assertEquals(response.status, 422);
  });
  await t.step("a compressed body", async () => {
    const packed = new Blob(['{"name":"one"}']).stream().pipeThrough(new CompressionStream("gzip"));
    const body = await new Response(packed).bytes();
    const headers = { "content-encoding": "gzip" };
    const response = await server.fetch("/api/chat/rooms", { method: "POST", body, headers });
    assertEquals([response.status, (await response.json()).detail], [
      422,
      "A body can't be sent in the encoding gzip here.",
    ]);
  });
  await t.step("and nothing was stored", async () => assertEquals(await everything(server), before));
});

Deno.test("a value of the wrong type is refused with the type it has to be", async (t) => {
  await using server = await serve();
  const bodies: [string, string, string][] = [
    ["/api/chat/rooms", '["name"]', "Send a JSON object."],
    ["/api/chat/rooms", "{}", "name must be text."],
    ["/api/chat/rooms", '{"name":"a","members":"b"}', "members must be a list."],
    ["/api/chat/rooms/1/messages", '{"content":5}', "content must be text."],
    ["/api/chat/rooms/1/messages", '{"content":"a","reply_to":"1"}', "reply_to must be a number."],
  ];
  for (const [path, body, sentence] of bodies) {
    await t.step(body, async () => assertEquals((await post(server, path, body)).detail, sentence));
  }
});

Deno.test("names that look like others, or change the text direction, are refused", async (t) => {
  await using server = await serve();
  await server.chat.accounts.register({ name: "Ann Lee", password: PASSWORD });
  const register = (username: string) =>
    post(server, "/api/auth/register", JSON.stringify({ username, password: PASSWORD }));
  for (
    const [what, name] of [
      ["of 21 characters", "x".repeat(21)],
      ["that turns the line", "Ann\u202eeeL"],
      ["with a mark of direction", "Ann\u200fLee"],
      ["with a character that nobody sees", "Ann\u200bLee"],
      ["with a control character", "Ann\u0007"],
      ["of spaces", "   "],
      ["with a tag", "<b>Ann</b>"],
    ] as const
  ) await t.step(`a name ${what}`, async () => assertEquals((await register(name)).status, 422));
  for (const name of ["ann lee", "ANN LEE", "Ａｎｎ Ｌｅｅ"]) {
    await t.step(
      `"${name}" is the name of somebody else`,
      async () => assertEquals((await register(name)).status, 409),
    );
  }
  await t.step("a guest can't use it either", async () => {
    const said = JSON.stringify({ username: "ann lee", content: "It is me." });
    assertEquals((await post(server, "/api/chat/rooms/1/messages", said)).status, 409);
    const socket = server.socket("/ws/chat/1");
    await socket.send({ username: "ANN LEE" });
    assertEquals((await socket.next()).code, "name_registered");
    assertEquals((await socket.closed).code, 4401);
  });
  await t.step("nor with a token that is older than the account", async () => {
    const { token } = server.chat.guests.issue("Bob");
    await server.chat.accounts.register({ name: "bob", password: PASSWORD });
    const response = await server.fetch("/api/chat/me", { headers: { authorization: `Bearer ${token}` } });
    await response.body?.cancel();
    assertEquals(response.status, 401);
  });
});
