import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import type { Client, Frame } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import { changeAccount } from "@/tests/people.ts";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Somebody in a room, past the news of it. */
async function enter(server: TestServer, { token }: TestPerson, room = "general"): Promise<Client> {
  const client = server.socket(`/chat/ws/${room}?token=${token}`);
  await client.until("user_joined");
  return client;
}

/** A frame without what differs from time to time. */
function timeless({ created_at, ...frame }: Frame): Frame {
  if (frame.type !== "error") assertMatch(String(created_at), ISO);
  return frame;
}

async function take(client: Client, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let frame = 0; frame < count; frame++) frames.push(timeless(await client.next()));
  return frames;
}

/** The `_id` of a message of room 1. */
function objectId(seq: number): string {
  return messageId(1, seq).toString(16).padStart(24, "0");
}

Deno.test("two people in a room: what they send, and what each of them hears in order", async () => {
  await using server = await serve();
  const alice = await server.person("alice"), bob = await server.person("bob");
  const first = server.socket(`/chat/ws/general?token=${alice.token}`);
  const about = (person: TestPerson) => ({ user_id: person.id, username: person.name, room: "general" });
  const joined = (person: TestPerson) => ({
    type: "user_joined",
    ...about(person),
    content: `${person.name} joined the chat`,
  });
  assertEquals(await take(first, 1), [joined(alice)]);
  const second = server.socket("/chat/ws/1", { headers: bob.headers });
  assertEquals(await take(second, 1), [joined(bob)]);
  await first.send({ content: "Hello, world!" });
  const hello = { type: "message", _id: objectId(1), ...about(alice), content: "Hello, world!" };
  assertEquals(await take(second, 1), [hello]);
  await second.send({ type: "message", content: "Hi", colour: "red" });
  const hi = { type: "message", _id: objectId(2), ...about(bob), content: "Hi" };
  assertEquals(await take(second, 1), [hi]);
  second.close();
  assertEquals(await take(first, 4), [
    joined(bob),
    hello,
    hi,
    { type: "user_left", ...about(bob), content: "bob left the chat" },
  ]);
  await first.send("not JSON");
  const { type, content, ...more } = await first.next();
  assertEquals([type, typeof content, more], ["error", "string", {}]);
});

Deno.test("an account is made, gets a token, says something, reads it back and deletes it", async (t) => {
  await using server = await serve();
  const password = "a very long walk";
  await t.step("made once", async () => {
    const json = { username: "Alice", password, email: "alice@example.org" };
    const response = await server.fetch("/users/", { method: "POST", json });
    const { _id, id, created_at, ...account } = await response.json();
    assertEquals([response.status, account], [201, {
      username: "Alice",
      email: "alice@example.org",
      disabled: false,
    }]);
    assertMatch(_id, /^[0-9a-f]{24}$/);
    assertMatch(created_at, ISO);
    assertEquals(id, _id);
    assertEquals(response.headers.getSetCookie(), []);
    const again = await server.fetch("/users", { method: "POST", json: { ...json, username: "ALICE" } });
    assertEquals([again.status, (await again.json()).code], [409, "name_taken"]);
  });
  await t.step("not with what cannot be", async () => {
    for (const wrong of [{}, { username: "Bob" }, { username: "Bob", password: "short" }, { username: "", password }]) {
      const response = await server.fetch("/users/", { method: "POST", json: wrong });
      assertEquals([response.status, (await response.json()).code], [422, "invalid"]);
    }
  });
  const form = new URLSearchParams({ grant_type: "password", username: "alice", password, scope: "", client_id: "x" });
  let token = "";
  await t.step("a form or JSON gets a token, and no cookie that would speak without it", async () => {
    const json = JSON.stringify({ username: "Alice", password });
    const ways = [["/token", form], ["/token/", json], ["/auth/login", json], ["/auth/login/", form]] as const;
    for (const [path, body] of ways) {
      const response = await server.fetch(path, { method: "POST", body });
      const { access_token, ...rest } = await response.json();
      assertEquals([response.status, rest], [200, { token_type: "bearer" }]);
      assertEquals([response.headers.getSetCookie(), response.headers.get("cache-control")], [[], "no-store"]);
      token = access_token;
    }
  });
  await t.step("so does what a page makes of a form, and a type in capitals", async () => {
    const parts = new FormData();
    for (const [name, value] of form) parts.append(name, value);
    const capitals = new Headers({ "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" });
    for (const [body, headers] of [[parts, new Headers()], [form, capitals]] as const) {
      const response = await server.fetch("/token", { method: "POST", body, headers });
      assertEquals([response.status, (await response.json()).token_type], [200, "bearer"]);
    }
  });
  await t.step("a form that is none, or has a file for a password, does not", async () => {
    const file = new FormData();
    file.append("username", "alice");
    file.append("password", new File([password], "password.txt"));
    const none = new Headers({ "content-type": "multipart/form-data; boundary=x" });
    for (const [body, headers] of [[file, new Headers()], ["nothing", none]] as const) {
      const response = await server.fetch("/token", { method: "POST", body, headers });
      assertEquals([response.status, (await response.json()).code], [422, "invalid"]);
    }
  });
  await t.step("a wrong password and an unknown name are the same", async () => {
    const answers = [];
    for (const [username, wrong] of [["Alice", "x"], ["Nobody", password], ["x".repeat(3_000), password]]) {
      const response = await server.fetch("/token", { method: "POST", json: { username, password: wrong } });
      answers.push([response.status, response.headers.get("www-authenticate"), (await response.json()).detail]);
    }
    const [, , detail] = answers[0]!;
    assertEquals(answers, answers.map(() => [401, "Bearer", detail]));
  });
  await t.step("what was said is there, and gone once it is deleted", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const alice = server.socket(`/chat/ws/general?token=${token}`);
    await alice.send({ content: "Hello" });
    const { type: _, ...message } = await alice.until("message");
    assertEquals(await (await server.fetch("/chat/messages/general?limit=50", { headers })).json(), [message]);
    const address = `/chat/messages/${message["_id"]}/`;
    assertEquals(await (await server.fetch(address, { method: "DELETE", headers })).json(), {
      message: "Message deleted",
    });
    assertEquals((await server.fetch(address, { method: "DELETE", headers })).status, 404);
    assertEquals(await (await server.fetch("/chat/messages/general/", { headers })).json(), []);
  });
  await t.step("a disabled account gets none", async () => {
    await changeAccount(server.chat.store, (await server.chat.accounts.named("Alice"))!.id, { disabled: true });
    const response = await server.fetch("/token", { method: "POST", body: form });
    assertEquals([response.status, (await response.json()).code], [403, "forbidden"]);
  });
});

Deno.test("tries to guess a password are counted, and so are registrations, where anything is limited", async () => {
  const { LIMITS } = await import("@/lib/config.ts");
  await using server = await serve({ limits: { ...LIMITS, register: { perSecond: 0.001, burst: 1 } } });
  const statuses = async (path: string, json: unknown, count: number) => {
    const found = [];
    for (let sent = 0; sent < count; sent++) {
      const response = await server.fetch(path, { method: "POST", json });
      await response.body?.cancel();
      found.push(response.status);
    }
    return found;
  };
  const account = { username: "Alice", password: "a very long walk" };
  assertEquals(await statuses("/users/", account, 2), [201, 429]);
  assertEquals((await statuses("/token", { ...account, password: "x" }, 11)).slice(-2), [401, 429]);
});

Deno.test("history is the newest messages, oldest first", async (t) => {
  await using server = await serve();
  const { headers } = await server.person("alice"), bob = await server.join("Bob");
  for (let number = 1; number <= 60; number++) await bob.send({ type: "message", content: `${number}` });
  await bob.until("message", ({ content }) => content === "60");
  const contents = async (path: string) => {
    const messages: { content: string; room: string }[] = await (await server.fetch(path, { headers })).json();
    return messages.map(({ content }) => Number(content));
  };
  const upTo60 = (count: number) => Array.from({ length: count }, (_, index) => 61 - count + index);
  assertEquals(await contents("/chat/messages/general"), upTo60(50));
  assertEquals(await contents("/chat/messages/general?limit=2"), [59, 60]);
  assertEquals(await contents("/chat/messages/1?limit=500"), upTo60(60));
  for (const limit of ["0", "501", "-1", "1.5", "all", ""]) {
    await t.step(`limit=${limit} is 422`, async () => {
      const response = await server.fetch(`/chat/messages/general?limit=${limit}`, { headers });
      assertEquals([response.status, (await response.json()).code], [422, "invalid"]);
    });
  }
  await t.step("and the answer says what it can be", async () => {
    for (const [limit, sentence] of [[0, "at least 1"], [501, "at most 500"]] as const) {
      const { detail } = await (await server.fetch(`/chat/messages/general?limit=${limit}`, { headers })).json();
      assertEquals(detail, `limit must be ${sentence}.`);
    }
  });
  await t.step("a room by any name", async () => {
    const json = { name: "a/b ü" };
    await (await server.fetch("/api/chat/rooms", { method: "POST", json })).body?.cancel();
    const alice = server.socket(`/chat/ws/${encodeURIComponent("A/B Ü")}`, { headers });
    assertEquals((await alice.next()).room, "a/b ü");
    assertEquals(await contents("/chat/messages/a%2Fb%20%C3%BC"), []);
  });
  for (const room of ["nowhere", "99", "%00"]) {
    await t.step(`${room} is 404`, async () => {
      assertEquals((await server.fetch(`/chat/messages/${room}`, { headers })).status, 404);
    });
  }
});

Deno.test("without a good token there is nothing to read, nothing to delete, and no socket", async (t) => {
  await using server = await serve();
  const bob = await server.join("Bob"), carol = await server.person("Carol");
  await bob.send({ type: "message", content: "mine" });
  await bob.until("message");
  const guest = server.chat.guests.issue("Dave").token;
  const nobody: [string, Record<string, string>][] = [
    ["no token", {}],
    ["a bad token", { authorization: "Bearer x" }],
    ["no bearer", { authorization: "Basic YTpi" }],
    ["a guest", { authorization: `Bearer ${guest}` }],
  ];
  for (const [what, headers] of nobody) {
    await t.step(what, async () => {
      for (const [method, path] of [["GET", "general"], ["GET", "nowhere"], ["DELETE", objectId(1)]]) {
        const response = await server.fetch(`/chat/messages/${path}`, { method: method!, headers });
        await response.body?.cancel();
        assertEquals([response.status, response.headers.get("www-authenticate")], [401, "Bearer"]);
      }
      const client = server.socket("/chat/ws/general", { headers });
      const { type, content } = await client.next();
      assertEquals([type, { code: 1008, reason: content }], ["error", await client.closed]);
    });
  }
  await t.step("a bad token in the address", async () => {
    for (const token of ["", "x", guest]) {
      const client = server.socket(`/chat/ws/general?token=${encodeURIComponent(token)}`);
      assertEquals((await client.next()).type, "error");
      assertEquals((await client.closed).code, 1008);
    }
  });
  await t.step("a message of somebody else is not yours to delete", async () => {
    const { headers } = carol;
    const response = await server.fetch(`/chat/messages/${objectId(1)}`, { method: "DELETE", headers });
    assertEquals([response.status, (await response.json()).code], [403, "forbidden"]);
    assertEquals((await (await server.fetch("/chat/messages/1", { headers })).json()).length, 1);
  });
  await t.step("an id that no message has is 404, and what is no id 422", async () => {
    const { headers } = carol;
    const ids: [string, number][] = [
      [objectId(2), 404],
      ["0".repeat(24), 404],
      ["F".repeat(24), 404],
      ["507f1f77bcf86cd799439011", 404],
      ["1", 422],
      ["x".repeat(24), 422],
      ["0".repeat(25), 422],
    ];
    for (const [id, status] of ids) {
      const response = await server.fetch(`/chat/messages/${id}`, { method: "DELETE", headers });
      await response.body?.cancel();
      assertEquals(response.status, status, id);
    }
  });
  await t.step("a room that is not there, or not yours, is 1008", async () => {
    const json = { name: "secret", kind: "private" };
    const made = await server.fetch("/api/chat/rooms", { method: "POST", headers: carol.headers, json });
    const { id } = await made.json(), dave = await server.person("Dave");
    for (const room of ["nowhere", "99", String(id)]) {
      const client = server.socket(`/chat/ws/${room}?token=${dave.token}`);
      assertEquals(timeless(await client.next()), { type: "error", content: "Room not found" });
      assertEquals(await client.closed, { code: 1008, reason: "Room not found" });
    }
    await enter(server, carol, String(id));
  });
});

Deno.test("frames that nobody can read are errors; ten in a row end the socket with 1008, a huge one with 1009", async () => {
  await using server = await serve();
  const person = await server.person("alice"), alice = await enter(server, person);
  const frames = ["not JSON", "[]", "{}", { content: 5 }, { content: null }, { message: "hi" }, new Uint8Array(3)];
  await alice.send(...frames, { content: "" }, { content: "x".repeat(4_001) });
  assertEquals((await take(alice, 9)).map(({ type }) => type), Array.from({ length: 9 }, () => "error"));
  await alice.send({ content: "good" });
  assertEquals((await alice.next()).content, "good");
  await alice.send(...Array.from({ length: 10 }, () => "nonsense"));
  assertEquals((await alice.closed).code, 1008);
  const again = await enter(server, person);
  await again.send({ content: "x".repeat(70_000) });
  assertEquals((await again.closed).code, 1009);
});

Deno.test("disabling an account ends its sockets with 4401 at once", async () => {
  await using server = await serve();
  const person = await server.person("alice"), alice = await enter(server, person);
  const other = await enter(server, await server.person("bob"));
  await alice.until("user_joined");
  await changeAccount(server.chat.store, person.id, { disabled: true });
  assertEquals((await alice.next()).type, "error");
  assertEquals((await alice.closed).code, 4401);
  assertEquals((await other.until("user_left")).username, "alice");
});

Deno.test("a token that runs out ends the socket with 4401", async () => {
  await using server = await serve({ accessTokenTtl: 2 });
  const startedAt = Date.now(), alice = await enter(server, await server.person("alice"));
  const { type, content } = await alice.next(15_000);
  assertEquals([type, (await alice.closed).code], ["error", 4401]);
  assertMatch(String(content), /expired/);
  assertGreater(Date.now() - startedAt, 1_000);
});

Deno.test("a room that is deleted says so in an error, then 4410", async () => {
  await using server = await serve();
  const person = await server.person("alice"), { headers } = person;
  await (await server.fetch("/api/chat/rooms", { method: "POST", headers, json: { name: "brief" } })).body?.cancel();
  const alice = await enter(server, person, "brief");
  await (await server.fetch("/api/chat/rooms/brief", { method: "DELETE", headers })).body?.cancel();
  assertEquals(timeless(await alice.next()), { type: "error", content: "Room deleted" });
  assertEquals((await alice.closed).code, 4410);
});

Deno.test("/chat-ui is the web app", async () => {
  await using server = await serve();
  for (const path of ["/chat-ui", "/chat-ui/"]) {
    const page = await server.fetch(path);
    assertEquals([page.status, page.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
    assertMatch(await page.text(), /<form/);
  }
});
