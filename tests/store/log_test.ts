import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Entry } from "@/lib/model/entry.ts";
import type { Room } from "@/lib/model/room.ts";
import { messageId } from "@/lib/model/message.ts";
import { ChatError } from "@/lib/errors.ts";
import { keys } from "@/lib/store/keys.ts";
import { Log } from "@/lib/store/log/log.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { Policy } from "@/lib/chat/policy.ts";
import { alice, bob, type Core, openCore } from "@/tests/people.ts";
import { around } from "@/tests/store/around.ts";

async function general(core: Core): Promise<Room> {
  return (await core.rooms.find(asGuest(alice), "general")).room;
}

async function wholeLog(core: Core, room: Room): Promise<Entry[]> {
  const head = await core.log.head(room.id);
  return await core.log.read(room.id, 0, head?.seq ?? 0);
}

Deno.test("posts that arrive together take dense numbers in the order in which they came", async () => {
  await using core = await openCore();
  const room = await general(core);
  const contents = Array.from({ length: 500 }, (_, index) => `message ${index}`);
  await Promise.all(contents.map((content) => core.messages.post(asGuest(alice), room.id, { content })));
  const log = await wholeLog(core, room);
  assertEquals(log.map((entry) => entry.seq), contents.map((_, index) => index + 1));
  assertEquals(log.map((entry) => entry.type === "post" && entry.content), contents);
  assert(core.committed.length < 50, "posts that wait go in groups");
});

Deno.test("one commit carries posts of several rooms, each in its own order", async () => {
  await using core = await openCore();
  const rooms = await Promise.all(
    ["one", "two", "three"].map((name) => core.rooms.create(asGuest(alice), { name, description: "" })),
  );
  await Promise.all(
    Array.from(
      { length: 30 },
      (_, index) => core.messages.post(asGuest(bob), rooms[index % 3]!.id, { content: String(index) }),
    ),
  );
  for (const [offset, room] of rooms.entries()) {
    const said = (await wholeLog(core, room)).map((entry) => entry.type === "post" ? Number(entry.content) : -1);
    assertEquals(said, Array.from({ length: 10 }, (_, index) => index * 3 + offset));
  }
});

Deno.test("a nonce makes one message, however often and however close together it comes", async () => {
  await using core = await openCore();
  const room = await general(core);
  const posts = await Promise.all(
    Array.from({ length: 20 }, () => core.messages.post(asGuest(alice), room.id, { content: "once", nonce: "n1" })),
  );
  assertEquals(new Set(posts.map(({ post }) => post.seq)).size, 1);
  assertEquals(posts.filter(({ repeated }) => !repeated).length, 1);
  assertEquals((await wholeLog(core, room)).length, 1);
  const again = await core.messages.post(asGuest(alice), room.id, { content: "once", nonce: "n1" });
  assert(again.repeated);
  const other = await core.messages.post(asGuest(bob), room.id, { content: "mine", nonce: "n1" });
  assert(!other.repeated, "a nonce counts for its author");
});

Deno.test("a repeat in the middle of a group does not disturb its neighbours", async () => {
  await using core = await openCore();
  const room = await general(core);
  await core.messages.post(asGuest(alice), room.id, { content: "first", nonce: "n" });
  const results = await Promise.all([
    core.messages.post(asGuest(bob), room.id, { content: "before", nonce: "b1" }),
    core.messages.post(asGuest(alice), room.id, { content: "first", nonce: "n" }),
    core.messages.post(asGuest(bob), room.id, { content: "after", nonce: "b2" }),
  ]);
  assertEquals(results.map(({ repeated }) => repeated), [false, true, false]);
  const contents = (await wholeLog(core, room)).map((entry) => entry.type === "post" && entry.content);
  assertEquals(contents, ["first", "before", "after"]);
});

Deno.test("an edit changes the message in place and is an entry too", async () => {
  await using core = await openCore();
  const room = await general(core);
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "helo" });
  await core.messages.edit(asGuest(alice), messageId(room.id, post.seq), "hello");
  const [first, second] = await wholeLog(core, room);
  assertEquals(first?.type === "post" && first.content, "hello");
  assert(second?.type === "edit" && second.message.content === "hello" && second.message.editedAt !== null);
});

Deno.test("an edit to the same words is no entry", async () => {
  await using core = await openCore();
  const room = await general(core);
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "same" });
  assertEquals(await core.messages.edit(asGuest(alice), messageId(room.id, post.seq), "same"), undefined);
  assertEquals((await wholeLog(core, room)).length, 1);
});

Deno.test("a deleted message is nowhere in the store, and the log stays dense", async () => {
  await using core = await openCore();
  const room = await general(core);
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "a secret" });
  const id = messageId(room.id, post.seq);
  await core.messages.edit(asGuest(alice), id, "a secret, edited");
  await core.messages.react(asGuest(bob), id, "👀", true);
  await core.messages.delete(asGuest(alice), id);
  const log = await wholeLog(core, room);
  assertEquals(log.map(({ seq, type }) => [seq, type]), [[1, "delete"], [2, "delete"], [3, "react"], [4, "delete"]]);
  const kept: unknown[] = [];
  for await (const { value } of core.store.list(keys.log.under())) kept.push(value);
  assert(!JSON.stringify(kept).includes("secret"));
  await core.jobs.idle();
  for await (const { key } of core.store.list(keys.reaction.under())) {
    throw new Error(`left over: ${JSON.stringify(key)}`);
  }
  await assertRejects(() => core.messages.get(room, id), ChatError, "Message not found");
  const [gone] = await Promise.allSettled([core.messages.edit(asGuest(alice), id, "back?")]);
  assertEquals(gone.status, "rejected");
});

Deno.test("only who wrote a message may edit or delete it", async () => {
  await using core = await openCore();
  const room = await general(core);
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "mine" });
  const id = messageId(room.id, post.seq);
  await assertRejects(() => core.messages.edit(asGuest(bob), id, "yours"), ChatError, "You can only");
  await assertRejects(() => core.messages.delete(asGuest(bob), id), ChatError, "You can only");
  assertEquals((await core.messages.get(room, id)).content, "mine");
});

Deno.test("reactions are counted once a person, and withdrawn", async () => {
  await using core = await openCore();
  const room = await general(core);
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "cake?" });
  const id = messageId(room.id, post.seq);
  await Promise.all([alice, bob, alice].map((who) => core.messages.react(asGuest(who), id, "🍰", true)));
  assertEquals((await core.messages.get(room, id)).reactions, [
    { emoji: "🍰", count: 2, users: ["Alice", "Bob"], by: [alice.id, bob.id] },
  ]);
  await core.messages.react(asGuest(alice), id, "🍰", false);
  assertEquals((await core.messages.get(room, id)).reactions, [
    { emoji: "🍰", count: 1, users: ["Bob"], by: [bob.id] },
  ]);
  await core.messages.react(asGuest(bob), id, "🍰", false);
  assertEquals((await core.messages.get(room, id)).reactions, []);
});

Deno.test("pages lead through a room in both directions without a gap", async () => {
  await using core = await openCore();
  const room = await general(core);
  for (let index = 1; index <= 23; index++) {
    const { post } = await core.messages.post(asGuest(alice), room.id, { content: `${index}` });
    // Entries that are no messages lie between.
    if (index % 3 === 0) await core.messages.react(asGuest(bob), messageId(room.id, post.seq), "👍", true);
  }
  const newest = await core.messages.page(room, { limit: 10 });
  assertEquals(newest.posts.map(({ content }) => Number(content)), [14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
  assertEquals([newest.older, newest.newer], [true, false]);
  const ids = newest.posts.map(({ seq }) => messageId(room.id, seq));
  const older = await core.messages.page(room, { limit: 13, before: ids[0] });
  assertEquals(older.posts.map(({ content }) => Number(content)), Array.from({ length: 13 }, (_, index) => index + 1));
  assertEquals([older.older, older.newer], [false, true]);
  const newer = await core.messages.page(room, { limit: 3, after: ids[4] });
  assertEquals(newer.posts.map(({ content }) => content), ["19", "20", "21"]);
  const around = await core.messages.page(room, { limit: 5, around: ids[4] });
  assertEquals(around.posts.map(({ content }) => content), ["16", "17", "18", "19", "20"]);
  assertEquals([around.older, around.newer], [true, true]);
});

Deno.test("an id that the room never gave is not found; one of another room neither", async () => {
  await using core = await openCore();
  const room = await general(core);
  await core.messages.post(asGuest(alice), room.id, { content: "one" });
  await assertRejects(() => core.messages.page(room, { limit: 5, before: messageId(1, 99) }), ChatError, "not found");
  await assertRejects(() => core.messages.page(room, { limit: 5, around: messageId(2, 1) }), ChatError, "not found");
});

Deno.test("a deleted room takes everything with it, and posts on their way are refused", async () => {
  await using core = await openCore();
  const room = await core.rooms.create(asGuest(alice), { name: "brief", description: "" });
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "hello" });
  await core.messages.post(asGuest(bob), room.id, { content: "answer", replyTo: messageId(room.id, post.seq) });
  await core.messages.react(asGuest(bob), messageId(room.id, post.seq), "👋", true);
  const late = (async () => {
    while (true) await core.messages.post(asGuest(bob), room.id, { content: "still there?" });
  })();
  await Promise.all([
    core.rooms.delete(asGuest(alice), room.id),
    assertRejects(() => late, ChatError, "Room not found"),
  ]);
  await core.log.drained();
  await core.jobs.idle();
  for (const { under } of [keys.room, keys.head, keys.log, keys.thread, keys.reaction, keys.job]) {
    for await (const { key } of core.store.list<unknown>(under())) {
      assert(!key.includes(room.id), `left over: ${JSON.stringify(key)}`);
    }
  }
  const again = await core.rooms.create(asGuest(alice), { name: "brief", description: "" });
  assert(again.id > room.id, "an id is never given twice");
});

Deno.test("a room's name is unique without regard to case or width, and free again after a rename", async () => {
  await using core = await openCore();
  const room = await core.rooms.create(asGuest(alice), { name: "Küche", description: "" });
  await assertRejects(() => core.rooms.create(asGuest(bob), { name: "KÜCHE", description: "" }), ChatError, "already");
  const [one, two] = await Promise.allSettled([
    core.rooms.create(asGuest(bob), { name: "twins", description: "" }),
    core.rooms.create(asGuest(bob), { name: "Twins", description: "" }),
  ]);
  assertEquals([one.status, two.status].sort(), ["fulfilled", "rejected"]);
  await core.rooms.update(asGuest(alice), room.id, { name: "Kitchen" });
  assertEquals((await core.rooms.find(asGuest(bob), "kitchen")).room.id, room.id);
  assertEquals((await core.rooms.create(asGuest(bob), { name: "küche", description: "" })).name, "küche");
  await assertRejects(() => core.rooms.update(asGuest(alice), room.id, { name: "TWINS" }), ChatError, "already");
  const [renamed] = await wholeLog(core, room);
  assert(renamed?.type === "room" && renamed.name === "Kitchen", "a rename is an entry");
});

Deno.test("two writers of one store keep one order", async () => {
  const path = await Deno.makeTempFile({ suffix: ".sqlite" });
  try {
    await using one = await openCore(path);
    await using two = await openCore(path);
    const room = await general(one);
    await Promise.all(
      Array.from(
        { length: 300 },
        (_, index) =>
          (index % 2 ? one : two).messages.post(asGuest(index % 2 ? alice : bob), room.id, {
            content: `${index}`,
            nonce: `${index}`,
          }),
      ),
    );
    const log = await wholeLog(one, room);
    assertEquals(log.map(({ seq }) => seq), Array.from({ length: 300 }, (_, index) => index + 1));
    assertEquals(new Set(log.map((entry) => entry.type === "post" && entry.content)).size, 300);
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) await Deno.remove(path + suffix).catch(() => undefined);
  }
});

Deno.test("a store that fails refuses the posts that wait, and goes on afterwards", async () => {
  await using core = await openCore();
  const room = await general(core);
  let broken = true;
  const { store } = core;
  const failing = around(store, {
    commit: (...given) => broken ? Promise.reject(new ChatError("store_unavailable")) : store.commit(...given),
  });
  const messages = new Messages(
    new Log(failing, () => undefined),
    core.rooms,
    core.jobs,
    new Policy("full"),
    new Mentions(store),
  );
  await assertRejects(
    () => messages.post(asGuest(alice), room.id, { content: "lost?", nonce: "n" }),
    ChatError,
    "Store unavailable",
  );
  broken = false;
  const { repeated } = await messages.post(asGuest(alice), room.id, { content: "lost?", nonce: "n" });
  assert(!repeated);
});
