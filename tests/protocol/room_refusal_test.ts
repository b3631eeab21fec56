import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Client, Sendable } from "@/tests/client.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a room that is not there: an error that says so, then 4404", async (t) => {
  await using server = await serve();
  for (const room of ["2", "0", "99999999999999999999", "nowhere", "%00", "%F0%9F%AB%96", "x".repeat(3_000)]) {
    await t.step(room.slice(0, 30), async () => {
      const atOnce = server.socket(`/ws/chat/${room}?username=Alice`);
      await assertEnds(atOnce, 4404, { type: "error", content: "Room not found", code: "room_not_found" });
      const afterFirstFrame = server.socket(`/ws/chat/${room}`);
      await afterFirstFrame.opened();
      await afterFirstFrame.send({ username: "Alice" });
      await assertEnds(afterFirstFrame, 4404, { type: "error", content: "Room not found", code: "room_not_found" });
    });
  }
});

Deno.test("a token that is not ours: an error, then 4401, whatever name is beside it", async (t) => {
  await using server = await serve();
  const bad = server.chat.guests.issue("Alice").token.slice(0, -2);
  for (const token of ["", "x", "guest..", "guest.e30.x", bad, `${bad}é`, "x".repeat(4_000)]) {
    await t.step(token.slice(0, 20), async () => {
      for (const name of ["token", "guest_token"]) {
        const first = server.socket("/ws/chat/1");
        await first.send({ username: "Alice", [name]: token });
        const address = server.socket(`/ws/chat/1?username=Alice&${name}=${encodeURIComponent(token)}`);
        for (const client of [first, address]) {
          const { type, code } = await client.next();
          assertEquals({ type, code }, { type: "error", code: "sign_in" });
          assertEquals((await client.closed).code, 4401);
        }
      }
      const header = server.socket("/ws/chat/1?username=Alice", {
        headers: { authorization: `Bearer ${encodeURIComponent(token)}` },
      });
      assertEquals((await header.next()).code, "sign_in");
      assertEquals((await header.closed).code, 4401);
    });
  }
});

Deno.test("when a room is deleted, everyone in it is told, and 4410", async () => {
  await using server = await serve();
  const made = await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "brief" } });
  const { id } = await made.json();
  const inside = [await server.join("Alice", id), await server.join("Bob", "brief")],
    outside = await server.join("Carol");
  for (const client of inside) await client.settled();
  const response = await server.fetch(`/api/chat/rooms/${id}`, { method: "DELETE" });
  assertEquals(await response.json(), { message: "Room deleted" });
  for (const client of inside) await assertEnds(client, 4410, { type: "room_deleted", message: "Room deleted" });
  assertEquals(await outside.settled(), []);
  await assertEnds(server.socket(`/ws/chat/${id}?username=Alice`), 4404);
});

Deno.test("when the server stops, everyone is sent away with 1001", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), silent = server.socket("/ws/chat/1");
  await silent.opened();
  await server.chat.drain();
  assertEquals([(await alice.closed).code, (await silent.closed).code], [1001, 1001]);
});

Deno.test("GUESTS=none lets nobody in without an account", async () => {
  await using server = await serve({ guests: "none" });
  for (const room of ["general", "nowhere"]) {
    const client = server.socket(`/ws/chat/${room}?username=Alice`);
    assertEquals((await client.next()).code, "sign_in");
    assertEquals((await client.closed).code, 4401);
  }
});

Deno.test("who says nothing for ten seconds is sent away with 4400", async () => {
  await using server = await serve();
  const openedAt = Date.now(), silent = server.socket("/ws/chat/1"), spoke = server.socket("/ws/chat/1");
  await spoke.send({ username: "Alice" });
  await spoke.until("users_list");
  assertEquals((await silent.next(12_000)).type, "error");
  assertEquals((await silent.closed).code, 4400);
  assertGreater(Date.now() - openedAt, 9_000);
  assertEquals(await spoke.settled(), []);
});

Deno.test("a first frame that does not say who it is: an error, then 4400", async (t) => {
  await using server = await serve();
  const frames: [string, Sendable][] = [
    ["not JSON", "Alice"],
    ["nothing", ""],
    ["an array", "[]"],
    ["null", "null"],
    ["no name", {}],
    ["an empty name", { username: "" }],
    ["spaces for a name", { username: "   " }],
    ["a number for a name", { username: 5 }],
    ["a name of 21 characters", { username: "a".repeat(21) }],
    ["a name of 21 emoji-sized characters", { username: "𝒜".repeat(21) }],
    ["a name with a newline", { username: "Al\nice" }],
    ["a name with two spaces", { username: "Al  ice" }],
    ["a name that turns the text around", { username: "Al\u202eice" }],
    ["a name that is half a character", '{"username":"Al\\ud800ice"}'],
    ["markup", { username: "<b>Al</b>" }],
    ["a prototype", '{"__proto__":{"username":"Alice"}}'],
    ["a message before the name", { type: "message", content: "Hello" }],
    ["bytes", new Uint8Array([123, 125])],
    ["100,000 brackets are over 64 KiB, 60,000 are not", "[".repeat(60_000)],
  ];
  for (const [what, frame] of frames) {
    await t.step(what, async () => {
      const client = server.socket("/ws/chat/1");
      await client.send(frame);
      const { type, code } = await client.next();
      assertEquals({ type, code }, { type: "error", code: "bad_frame" });
      assertEquals((await client.closed).code, 4400);
    });
  }
  for (const address of ["username=", `username=${"a".repeat(21)}`, "username=%00", "username=a&batch=maybe"]) {
    await t.step(`in the address: ${address}`, async () => {
      const client = server.socket(`/ws/chat/1?${address}`);
      assertEquals((await client.next()).type, "error");
      assertEquals((await client.closed).code, 4400);
    });
  }
  assertEquals(server.chat.hub.online.count(1), 0);
});

Deno.test("names of twenty characters of any script are names", async (t) => {
  await using server = await serve();
  for (
    const username of [
      "a".repeat(20),
      "𝒜".repeat(20),
      "Åsa Öberg",
      "李小龍",
      "أحمد",
      "d.o-t_s",
      "constructor",
      "__proto__",
    ]
  ) {
    await t.step(username, async () => {
      const client = server.socket("/ws/chat/1");
      await client.send({ username });
      assertEquals((await client.next()).username, username);
    });
  }
});

Deno.test("who stops reading is sent away with 4408, and the others see nothing of it", async () => {
  await using server = await serve();
  const alice = await server.join("Alice"), bob = await server.join("Bob");
  const slow = server.socket("/ws/chat/1?username=Slow", { headers: {} });
  await slow.until("users_list");
  await bob.until("system", ({ content }) => content === "Slow joined the room");
  await bob.settled();
  slow.pause(true);
  const content = "x".repeat(4_000);
  let said = 0;
  // A paused socket still has the kernel's buffers, which hold some megabytes.
  while (server.chat.hub.connections.size === 3) {
    assertLess(said, 10_000, "the slow reader was never sent away");
    await alice.send(...Array.from({ length: 100 }, () => ({ type: "message", content })));
    said += 100;
    await alice.until("message", ({ seq }) => seq === said);
  }
  await alice.send({ type: "message", content: "the last" });
  await bob.until("message", ({ content }) => content === "the last");
  slow.pause(false);
  assertEquals((await slow.closed).code, 4408);
  const { code } = (await slow.rest()).at(-1) ?? {};
  assertEquals(code, "too_slow");
  const list = await bob.until("users_list");
  assertEquals(list.users, ["Alice", "Bob"]);
});

/** Asserts that the socket's last frame is this, and its close code that. */
async function assertEnds(client: Client, code: number, frame?: Record<string, unknown>): Promise<void> {
  const last = await client.next();
  if (frame) assertEquals(last, frame);
  assert(last.type === "error" || last.type === "room_deleted");
  assertEquals((await client.closed).code, code);
  assertEquals(await client.rest(), []);
}
