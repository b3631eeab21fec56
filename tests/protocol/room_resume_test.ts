import { assert, assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import type { Client, Frame } from "@/tests/client.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const FIRST = messageId(1, 1);

Deno.test("who comes back gets what was missed, in order, before the list of people", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 5);
  const alice = server.socket("/ws/chat/1");
  await alice.send({ username: "Alice", after: 2 });
  const connected = await alice.next();
  assertEquals([connected.type, connected.seq], ["connected", 5]);
  assertEquals(await seqs(alice, 3), [["message", 3], ["message", 4], ["message", 5]]);
  assertEquals((await alice.next()).type, "users_list");
  await say(bob, 1);
  assertEquals((await alice.next()).seq, 6);
});

Deno.test("what was missed comes before the list of people, whoever else comes meanwhile", async () => {
  await using server = await serve();
  await say(await server.join("Bob"), 5);
  const people = Array.from({ length: 20 }, (_, index) => `P${index}`);
  const orders = await Promise.all(people.map(async (username) => {
    const client = server.socket("/ws/chat/1");
    await client.send({ username, after: 0 });
    return [(await client.next()).type, await seqs(client, 5), (await client.next()).type];
  }));
  const missed = [1, 2, 3, 4, 5].map((seq) => ["message", seq]);
  assertEquals(orders, people.map(() => ["connected", missed, "users_list"]));
});

Deno.test("who missed nothing, or asks for nothing, gets nothing", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 3);
  for (const hello of [{ username: "Alice", after: 3 }, { username: "Carol" }]) {
    const client = server.socket("/ws/chat/1");
    await client.send(hello);
    assertEquals((await client.next()).type, "connected");
    assertEquals((await client.next()).type, "users_list");
  }
});

Deno.test("every kind of change is missed and made good, each with its own seq", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), id = FIRST;
  const steps: Frame[] = [
    { type: "message", content: "Helo" },
    { type: "edit", id, content: "Hello" },
    { type: "react", id, emoji: "👍" },
    { type: "pin", id },
  ];
  const live: Frame[] = [];
  for (const step of steps) {
    await bob.send(step);
    live.push(await bob.next());
  }
  const alice = server.socket("/ws/chat/1?username=Alice&after=0");
  await alice.until("connected");
  const missed = [await alice.next(), await alice.next(), await alice.next(), await alice.next()];
  assertEquals(missed.slice(1), live.slice(1).map((frame) => ({ ...frame, ...now(frame, missed) })));
  assertEquals(missed.map(({ type, seq, content }) => [type, seq, content]), [
    ["message", 1, "Hello"],
    ["edited", 2, "Hello"],
    ["reacted", 3, undefined],
    ["pinned", 4, undefined],
  ]);
});

Deno.test("an edit that was missed says what the message says now, however old that is", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 3);
  await bob.send({ type: "edit", id: FIRST, content: "Better" }, { type: "edit", id: FIRST, content: "Best" });
  await bob.until("edited", ({ seq }) => seq === 5);
  await forget(server);
  const alice = server.socket("/ws/chat/1?username=Alice&after=3");
  await alice.until("connected");
  const edits = [await alice.next(), await alice.next()];
  assertEquals(edits.map(({ type, seq, id, content }) => [type, seq, id, content]), [
    ["edited", 4, FIRST, "Best"],
    ["edited", 5, FIRST, "Best"],
  ]);
});

Deno.test("of a message that was deleted since, only that it is gone is made good, without a gap", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), id = FIRST;
  for (
    const frame of [
      { type: "message", content: "A secret" },
      { type: "edit", id, content: "A worse secret" },
      { type: "react", id, emoji: "👍" },
      { type: "delete", id },
    ]
  ) {
    await bob.send(frame);
    await bob.next();
  }
  const expected = [["deleted", 1, id], ["deleted", 2, id], ["reacted", 3, id], ["deleted", 4, id]];
  const read = async (client: Client) => {
    await client.until("connected");
    const missed = [await client.next(), await client.next(), await client.next(), await client.next()];
    assert(!JSON.stringify(missed).includes("secret"));
    assertEquals(missed.map(({ type, seq, id }) => [type, seq, id]), expected);
  };
  // From memory first, then from the log, which are two ways to the same frames.
  await read(server.socket("/ws/chat/1?username=Alice&after=0"));
  await forget(server);
  await read(server.socket("/ws/chat/1?username=Alice&after=0"));
});

Deno.test("nothing is missing and nothing twice where messages come while one comes back", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 400);
  await forget(server);
  await bob.closed;
  const writer = await server.join("Bob");
  const alice = server.socket("/ws/chat/1?username=Alice&after=0");
  const writing = say(writer, 300);
  const got: unknown[] = [];
  while (got.length < 700) {
    const { type, seq } = await alice.next();
    if (type === "message") got.push(seq);
  }
  await writing;
  assertEquals(got, Array.from({ length: 700 }, (_, index) => index + 1));
});

Deno.test("up to 1,000 missed entries come, and reset instead of more", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 1_001);
  const alice = server.socket("/ws/chat/1?username=Alice&after=1");
  const { epoch } = await alice.until("connected");
  const got = await seqs(alice, 1_000);
  assertEquals([got[0], got.at(-1)], [["message", 2], ["message", 1_001]]);
  assertEquals((await alice.next()).type, "users_list");
  const carol = server.socket("/ws/chat/1?username=Carol&after=0");
  await carol.until("connected");
  assertEquals(await carol.next(), { type: "reset", seq: 1_001, epoch });
  assertEquals((await carol.next()).type, "users_list");
});

Deno.test("a position past the head or of another epoch is reset, and life goes on from the head", async (t) => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 2);
  const { epoch } = await server.socket("/ws/chat/1?username=Eve").next();
  for (const hello of [{ after: 3 }, { after: 1, epoch: "another" }, { after: 2, epoch: "another" }]) {
    await t.step(JSON.stringify(hello), async () => {
      const alice = server.socket("/ws/chat/1");
      await alice.send({ username: "Alice", ...hello });
      await alice.until("connected");
      const { type, epoch: told } = await alice.next();
      assertEquals([type, told], ["reset", epoch]);
      assertEquals((await alice.next()).type, "users_list");
      await bob.send({ type: "message", content: "Hello" });
      assertEquals((await alice.next()).type, "message");
      alice.close();
      await alice.closed;
    });
  }
  await t.step("of this epoch it is made good", async () => {
    const alice = server.socket("/ws/chat/1");
    await alice.send({ username: "Alice", after: 1, epoch });
    await alice.until("connected");
    assertEquals((await alice.next()).seq, 2);
  });
});

Deno.test("a position that is not a whole number ends the socket with 4400", async (t) => {
  await using server = await serve();
  for (const after of [-1, 1.5, "1", null, true, [], 1e300]) {
    await t.step(JSON.stringify(after), async () => {
      const alice = server.socket("/ws/chat/1");
      await alice.send({ username: "Alice", after });
      assertEquals((await alice.next()).type, "error");
      assertEquals((await alice.closed).code, 4400);
    });
  }
  for (const after of ["-1", "1.5", "x", "", "1e3", " 1", "99999999999999999999"]) {
    await t.step(`in the address: ${JSON.stringify(after)}`, async () => {
      const alice = server.socket(`/ws/chat/1?username=Alice&after=${encodeURIComponent(after)}`);
      assertEquals((await alice.next()).type, "error");
      assertEquals((await alice.closed).code, 4400);
    });
  }
});

Deno.test("who takes batches gets what comes together in one frame, and a single entry as itself", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  await say(bob, 450);
  const alice = server.socket("/ws/chat/1");
  await alice.send({ username: "Alice", after: 0, batch: true });
  await alice.until("connected");
  const got: unknown[] = [];
  for (let frames = 0; got.length < 450; frames++) {
    assert(frames < 10);
    const { type, items } = await alice.next();
    assert(type === "batch" && Array.isArray(items));
    for (const { type, seq } of items) got.push([type, seq]);
  }
  assertEquals(got, Array.from({ length: 450 }, (_, index) => ["message", index + 1]));
  assertEquals((await alice.next()).type, "users_list");
  await alice.send({ type: "message", content: "Hello", nonce: "n" });
  const { type, seq, nonce } = await alice.next();
  assertEquals({ type, seq, nonce }, { type: "message", seq: 451, nonce: "n" });
});

Deno.test("everyone sees the nonces of their own messages and nobody else's, in batches too", async () => {
  await using server = await serve();
  const people = ["Alice", "Bob", "Carol"], COUNT = 20;
  const clients = await Promise.all(people.map(async (username) => {
    const client = server.socket("/ws/chat/1");
    await client.send({ username, batch: username !== "Carol" });
    await client.until("users_list", ({ count }) => count === people.length);
    return client;
  }));
  await Promise.all(clients.map((client, index) => {
    const said = Array.from({ length: COUNT }, (_, turn) => `${people[index]} ${turn}`);
    return client.send(...said.map((content) => ({ type: "message", content, nonce: content })));
  }));
  for (const [index, client] of clients.entries()) {
    const heard: Frame[] = [];
    while (heard.length < people.length * COUNT) {
      const { items, ...frame } = await client.next();
      heard.push(...(Array.isArray(items) ? items : [frame]).filter(({ type }) => type === "message"));
    }
    assertEquals(heard.map(({ seq }) => seq), heard.map((_, place) => place + 1));
    for (const { content, username, nonce } of heard) {
      assertEquals(nonce, username === people[index] ? content : undefined, people[index]);
    }
  }
});

Deno.test("a room that was deleted and made again is another log", async () => {
  await using server = await serve();
  const first = await make(server);
  const alice = await server.join("Alice", first);
  await say(alice, 3);
  const deleted = await server.fetch(`/api/chat/rooms/${first}`, { method: "DELETE" });
  await deleted.body?.cancel();
  await alice.closed;
  const second = await make(server);
  await say(await server.join("Bob", second), 5);
  const again = server.socket("/ws/chat/tea?username=Alice");
  const { room_id, seq } = await again.next();
  assertEquals({ room_id, seq }, { room_id: second, seq: 5 });
});

async function make(server: TestServer): Promise<number> {
  const response = await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "tea" } });
  return (await response.json()).id;
}

/** Has the server forget what it keeps of room 1 in memory, as it does some time after the last one has left. */
async function forget(server: TestServer): Promise<void> {
  const room = await server.chat.rooms.get(1);
  if (room) server.chat.hub.roomEvent("deleted", room);
}

/** Says so many things, and waits for the last. */
async function say(client: Client, times: number): Promise<void> {
  const nonce = crypto.randomUUID();
  for (let time = 1; time < times; time++) await client.send({ type: "message", content: `message ${time}` });
  await client.send({ type: "message", content: "the last", nonce });
  await client.until("message", (frame) => frame.nonce === nonce);
}

async function seqs(client: Client, count: number): Promise<unknown[]> {
  const frames: unknown[] = [];
  while (frames.length < count) {
    const { type, seq } = await client.next();
    frames.push([type, seq]);
  }
  return frames;
}

/** An edit tells what the message says and carries now. */
function now({ type }: Frame, [message]: Frame[]): Frame {
  if (type !== "edited" || !message) return {};
  const { reactions, pinned } = message;
  return { reactions, pinned };
}
