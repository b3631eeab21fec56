import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { serve, type TestServer } from "@/tests/server.ts";

/** The first message of room 1. */
const FIRST = messageId(1, 1);

Deno.test("two people talk in a room", async () => {
  await using server = await serve();
  const alice = server.socket("/ws/chat/1"), bob = server.socket("/ws/chat/general");
  await alice.send({ username: "Alice" });
  const connected = await alice.next();
  assertEquals([connected.type, connected.username, connected.room_id], ["connected", "Alice", 1]);
  assertEquals(await alice.next(), { type: "users_list", users: ["Alice"], count: 1 });
  await bob.send({ username: "Bob" });
  assertEquals((await bob.next()).type, "connected");
  assertEquals(await bob.next(), { type: "users_list", users: ["Alice", "Bob"], count: 2 });
  assertEquals(await alice.next(), { type: "system", content: "Bob joined the room" });
  assertEquals(await alice.next(), { type: "users_list", users: ["Alice", "Bob"], count: 2 });
  await alice.send({ type: "message", content: "Hello!", nonce: "n1" });
  const [own, others] = [await alice.next(), await bob.next()];
  assertEquals(own.nonce, "n1");
  assertEquals(own, { ...others, nonce: "n1" });
  assertEquals([others.type, others.username, others.content, others.seq], ["message", "Alice", "Hello!", 1]);
});

Deno.test("connected tells who holds, where the room stands, and what keeps the name", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  await alice.send({ type: "message", content: "one" }, { type: "message", content: "two" });
  await alice.until("message", ({ content }) => content === "two");
  const bob = server.socket("/ws/chat/1");
  await bob.send({ username: "Bob" });
  const { user_id, epoch, guest_token, server_time, ...rest } = await bob.next();
  assertEquals(rest, { type: "connected", username: "Bob", room_id: 1, seq: 2 });
  assertMatch(String(user_id), /^[0-9a-f]{24}$/);
  assertEquals([typeof epoch, typeof guest_token], ["string", "string"]);
  assertMatch(String(server_time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

Deno.test("a message has every field that the API gives it", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  await alice.send({ type: "message", content: "Hello!" });
  const { timestamp, user_id, ...message } = await alice.next();
  assertEquals(message, {
    type: "message",
    id: 4_294_967_297,
    room_id: 1,
    seq: 1,
    username: "Alice",
    content: "Hello!",
    edited_at: null,
    reply_to: null,
    pinned: false,
    reactions: [],
    attachments: [],
  });
  assertMatch(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertMatch(String(user_id), /^[0-9a-f]{24}$/);
  const response = await server.fetch(`/api/chat/messages/${message.id}`);
  const { type: _, ...stored } = message;
  assertEquals(await response.json(), { ...stored, timestamp, user_id });
});

Deno.test("who comes may say so in the address", async (t) => {
  await using server = await serve();
  for (
    const path of ["/ws/chat/1?username=Alice", "/ws/chat/general?username=Alice", "/ws/chat/GENERAL?username=Alice"]
  ) {
    await t.step(path, async () => {
      const alice = server.socket(path);
      const { type, username, room_id } = await alice.next();
      assertEquals({ type, username, room_id }, { type: "connected", username: "Alice", room_id: 1 });
      assertEquals(await alice.next(), { type: "users_list", users: ["Alice"], count: 1 });
      alice.close();
    });
  }
  await t.step("and again in a first frame, which changes nothing", async () => {
    const alice = server.socket("/ws/chat/1?username=Alice");
    await alice.send({ username: "Alice" }, { type: "ping" });
    await alice.until("users_list");
    assertEquals(await alice.next(), { type: "pong" });
    await alice.send({ username: "Alice" });
    assertEquals((await alice.next()).code, "bad_frame");
  });
  await t.step("the position and batch in the address hold for the first frame too", async () => {
    const bob = await server.join("Bob");
    await bob.send({ type: "message", content: "one" }, { type: "message", content: "two" });
    await bob.until("message", ({ seq }) => seq === 2);
    const carol = server.socket("/ws/chat/1?after=0&batch=true");
    await carol.send({ username: "Carol" });
    await carol.until("connected");
    const { type, items } = await carol.next();
    assertEquals([type, Array.isArray(items) && items.length], ["batch", 2]);
  });
});

Deno.test("a room is named by its name as it stands in an address", async (t) => {
  await using server = await serve();
  for (const name of ["tea and cake", "🫖", "a/b", "50%", "c++", "Zoë's"]) {
    await t.step(name, async () => {
      const response = await server.fetch("/api/chat/rooms", { method: "POST", json: { name } });
      const { id } = await response.json();
      const client = server.socket(`/ws/chat/${encodeURIComponent(name)}?username=Alice`);
      assertEquals((await client.next()).room_id, id);
    });
  }
});

Deno.test("each change in a room takes the next seq and goes to all", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), bob = await server.join("Bob");
  await alice.until("users_list");
  const id = FIRST;
  const post = { type: "message", content: "Helo" };
  await alice.send(post);
  const { user_id, timestamp } = await alice.until("message");
  await bob.until("message");

  await alice.send({ type: "edit", id, content: "Hello" });
  const edited = await bob.next();
  assertEquals([edited.type, edited.id, edited.seq, edited.content], ["edited", id, 2, "Hello"]);
  assertEquals([edited.timestamp, typeof edited.edited_at], [timestamp, "string"]);
  assertEquals(await alice.next(), edited);

  await bob.send({ type: "react", id, emoji: "👍", on: true });
  const reacted = await alice.next();
  const by = { user_id: reacted.user_id, username: "Bob" };
  assertNotEquals(reacted.user_id, user_id);
  assertEquals(reacted, { type: "reacted", id, room_id: 1, seq: 3, ...by, emoji: "👍", on: true, count: 1 });
  assertEquals(await bob.next(), reacted);

  await bob.send({ type: "pin", id, on: true });
  assertEquals(await alice.next(), { type: "pinned", id, room_id: 1, seq: 4, ...by, on: true });
  await bob.until("pinned");

  await bob.send({ type: "react", id, emoji: "👍", on: false });
  assertEquals(await alice.next(), { ...reacted, seq: 5, on: false, count: 0 });
  await bob.until("reacted");

  await alice.send({ type: "delete", id });
  assertEquals(await bob.next(), { type: "deleted", id, room_id: 1, seq: 6, user_id, username: "Alice" });
});

Deno.test("what changes nothing takes no seq and tells nobody", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), id = FIRST;
  await alice.send({ type: "message", content: "Hello" }, { type: "react", id, emoji: "👍", on: true });
  await alice.until("reacted");
  await alice.send(
    { type: "react", id, emoji: "👍", on: true },
    { type: "react", id, emoji: "👎", on: false },
    { type: "edit", id, content: "Hello" },
    { type: "pin", id, on: false },
    { type: "message", content: "next" },
  );
  const { type, seq } = await alice.next();
  assertEquals({ type, seq }, { type: "message", seq: 3 });
});

Deno.test("a reply names the message that it answers", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  await alice.send({ type: "message", content: "Tea?" }, { type: "message", content: "Yes.", reply_to: FIRST });
  await alice.next();
  assertEquals((await alice.next()).reply_to, FIRST);
  await alice.send({ type: "message", content: "To nobody", reply_to: messageId(1, 99), nonce: "n" });
  const { type, code, nonce } = await alice.next();
  assertEquals({ type, code, nonce }, { type: "error", code: "message_not_found", nonce: "n" });
});

Deno.test("ping is answered, with its nonce", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  await alice.send({ type: "ping" }, { type: "ping", nonce: "p" });
  assertEquals([await alice.next(), await alice.next()], [{ type: "pong" }, { type: "pong", nonce: "p" }]);
});

Deno.test("null says no more than leaving something out", async () => {
  await using server = await serve();
  const alice = server.socket("/ws/chat/1");
  await alice.send({ username: "Alice", token: null, guest_token: null, epoch: null, batch: null });
  assertEquals((await alice.next()).type, "connected");
  await alice.until("users_list");
  await alice.send({ type: "ping", nonce: null }, { type: "message", content: "Hello", nonce: null, reply_to: null });
  assertEquals(await alice.next(), { type: "pong" });
  const { content, nonce } = await alice.next();
  assertEquals([content, nonce], ["Hello", undefined]);
  const nobody = server.socket("/ws/chat/1");
  await nobody.send({ username: null });
  assertEquals((await nobody.closed).code, 4400);
});

Deno.test("how far someone has read goes to all, up to what there is", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), bob = await server.join("Bob");
  await alice.send({ type: "message", content: "Hello" });
  await bob.until("message");
  await bob.send({ type: "read", seq: 1 });
  const { user_id, ...read } = await alice.until("read");
  assertEquals(read, { type: "read", room_id: 1, username: "Bob", seq: 1 });
  assertMatch(String(user_id), /^[0-9a-f]{24}$/);
  await bob.send({ type: "read", seq: 2 });
  assertEquals((await bob.until("error")).code, "invalid");
  assertEquals(await alice.settled(), []);
});

Deno.test("a nonce sent again gives its sender the first message, and the others nothing", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), bob = await server.join("Bob");
  await alice.until("users_list");
  await alice.send({ type: "message", content: "Hello", nonce: "n" });
  const first = await alice.next();
  assertEquals(first.nonce, "n");
  const { nonce: _, ...toOthers } = first;
  assertEquals(await bob.next(), toOthers);
  await alice.send({ type: "message", content: "Hello again", nonce: "n" });
  assertEquals(await alice.next(), first);
  await alice.send({ type: "message", content: "Another", nonce: "m" });
  assertEquals((await bob.next()).content, "Another");
});

Deno.test("a nonce counts for its author's name, in its room", async () => {
  await using server = await serve();
  await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "second" } });
  const alice = await server.join("Alice"), bob = await server.join("Bob"), beside = await server.join("Alice", 2);
  const seqs = [];
  for (const client of [alice, bob, beside]) {
    await client.send({ type: "message", content: "Hello", nonce: "1" });
    const { room_id, seq } = await client.until("message", ({ nonce }) => nonce === "1");
    seqs.push([room_id, seq]);
  }
  assertEquals(seqs, [[1, 1], [1, 2], [2, 1]]);
  const again = await server.join("Alice");
  await again.send({ type: "message", content: "Hello after a reconnect", nonce: "1" });
  assertEquals((await again.until("message")).seq, 1);
});

Deno.test("a nonce that comes twice at once makes one message", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  const frame = { type: "message", content: "Hello", nonce: "n" };
  await alice.send(frame, frame, frame);
  for (let answer = 0; answer < 3; answer++) assertEquals((await alice.next()).seq, 1);
  assertEquals((await (await server.fetch("/api/chat/rooms/1/messages")).json()).length, 1);
});

Deno.test("a nonce whose message is deleted does not bring it back", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  await alice.send({ type: "message", content: "Oh no", nonce: "n" });
  await alice.until("message");
  await alice.send({ type: "delete", id: FIRST });
  await alice.until("deleted");
  await alice.send({ type: "message", content: "Oh no", nonce: "n" });
  const { type, code, nonce } = await alice.next();
  assertEquals({ type, code, nonce }, { type: "error", code: "message_deleted", nonce: "n" });
});

Deno.test("an archived room can be read, and nobody writes to it", async () => {
  await using server = await serve();
  const response = await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "old" } });
  const { id: room } = await response.json();
  const alice = await server.join("Alice", room);
  await alice.send({ type: "message", content: "The end" });
  await alice.until("message");
  await archive(server, room, true);
  assertEquals(await alice.until("system"), {
    type: "system",
    content: 'The room "old" is archived',
    room_id: room,
    seq: 2,
  });
  const id = messageId(room, 1);
  for (
    const frame of [
      { type: "message", content: "One more" },
      { type: "edit", id, content: "Not the end" },
      { type: "delete", id },
      { type: "react", id, emoji: "👍" },
    ]
  ) {
    await alice.send({ ...frame, nonce: "n" });
    const { type, code, nonce } = await alice.next();
    assertEquals({ type, code, nonce }, { type: "error", code: "room_archived", nonce: "n" });
  }
  await alice.send({ type: "read", seq: 2 });
  assertEquals((await alice.next()).type, "read");
  const bob = await server.join("Bob", room);
  await archive(server, room, false);
  await bob.until("system");
  await bob.send({ type: "message", content: "Open again" });
  assert(await bob.until("message"));
});

async function archive(server: TestServer, room: number, archived: boolean): Promise<void> {
  const actor = await server.fetch(`/api/chat/rooms/1/messages`, {
    method: "POST",
    json: { content: "Archiving", username: "Keeper" },
  });
  await actor.body?.cancel();
  const cookie = actor.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const response = await server.fetch(`/api/chat/rooms/${room}`, {
    method: "PATCH",
    json: { archived },
    headers: { cookie },
  });
  assertEquals((await response.json()).archived, archived);
}
