import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals } from "@std/assert";
import type { Room } from "@/lib/model/room.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import { appendedBatches, batchAt, entryAt, scan, splitBatch } from "@/lib/store/log/batches.ts";
import type { Mutation } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";
import { alice, bob, type Core, openCore } from "@/tests/people.ts";

const ROOM = 7;
const { schema } = keys.log;

function post(seq: number, content = `message ${seq}`): Post {
  return { type: "post", seq, at: 0, by: alice, content, editedAt: null, replyTo: null, pinned: false, reactions: [] };
}

function posts(count: number): Post[] {
  return Array.from({ length: count }, (_, index) => post(index + 1));
}

function seqsOf(mutations: readonly Mutation[]): number[][] {
  return mutations.map((change) => change.type === "set" ? schema.parse(change.value).map(({ seq }) => seq) : []);
}

/** The `seq` of the entries of each batch in the store, under the last of them. */
async function batchesOf(store: Store, room: number): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const { key, value } of store.list(keys.log.under(room))) {
    batches.push(value.map(({ seq }) => seq));
    assertEquals(key.at(-1), value.at(-1)!.seq);
  }
  return batches;
}

async function seqsFrom(entries: AsyncIterable<StoredEntry>): Promise<number[]> {
  return (await Array.fromAsync(entries)).map(({ seq }) => seq);
}

async function general(core: Core): Promise<Room> {
  return (await core.rooms.find(asGuest(alice), "general")).room;
}

Deno.test("posts that arrive together are stored in few batches, and a post alone in its own", async () => {
  await using core = await openCore();
  const room = await general(core);
  await core.messages.post(asGuest(alice), room.id, { content: "alone" });
  await Promise.all(
    Array.from({ length: 9 }, () => core.messages.post(asGuest(bob), room.id, { content: "together" })),
  );
  const batches = await batchesOf(core.store, room.id);
  assertEquals(batches[0], [1]);
  assertEquals(batches.flat(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert(batches.length <= 3, `${batches.length} batches`);
});

Deno.test("a batch holds 16 entries, or as many as fit beside long texts", () => {
  assertEquals(seqsOf(appendedBatches(ROOM, posts(70))).map((batch) => batch.length), [16, 16, 16, 16, 6]);
  const long = [1, 2, 3, 4].map((seq) => post(seq, "x".repeat(4_000)));
  assertEquals(seqsOf(appendedBatches(ROOM, long)), [[1], [2], [3], [4]]);
});

Deno.test("a batch is split where an entry changes, and only there", () => {
  const batch = posts(5), changed = (...seqs: number[]) => new Map(seqs.map((seq) => [seq, post(seq, "new")]));
  assertEquals(seqsOf(splitBatch(ROOM, batch, changed(3))), [[1, 2], [3], [4, 5]]);
  assertEquals(seqsOf(splitBatch(ROOM, batch, changed(1, 5))), [[1], [2, 3, 4], [5]]);
  assertEquals(seqsOf(splitBatch(ROOM, [post(9)], changed(9))), [[9]]);
});

Deno.test("every entry is found, and read once in either direction, however the batches lie", async () => {
  await using core = await openCore();
  const { store } = core, all = posts(100), seqs = all.map(({ seq }) => seq);
  // A long batch, entries that stand alone, and batches of three.
  await store.commit([], [
    ...appendedBatches(ROOM, all.slice(0, 16)),
    ...appendedBatches(ROOM, all.slice(16, 30)),
    ...all.slice(30, 70).flatMap((one) => appendedBatches(ROOM, [one])),
  ]);
  for (let from = 70; from < 100; from += 3) await store.commit([], appendedBatches(ROOM, all.slice(from, from + 3)));
  assertEquals(await seqsFrom(scan(store, ROOM, {})), seqs);
  assertEquals(await seqsFrom(scan(store, ROOM, { reverse: true, wanted: 5 })), seqs.toReversed());
  for (
    const [after, before] of [[0, 2], [0, 29], [4, 20], [29, 31], [30, 72], [71, 100], [99, 101], [100, 200]] as const
  ) {
    const between = seqs.filter((seq) => seq > after && seq < before);
    assertEquals(await seqsFrom(scan(store, ROOM, { after, before })), between);
    for (const wanted of [1, Infinity]) {
      const newestFirst = scan(store, ROOM, { after, before, wanted, reverse: true });
      assertEquals(await seqsFrom(newestFirst), between.toReversed(), `between ${after} and ${before}`);
    }
  }
  for (const seq of [1, 15, 30, 31, 70, 71, 100]) assertEquals((await entryAt(store, ROOM, seq))?.seq, seq);
  assertEquals(await entryAt(store, ROOM, 101), null);
  assertEquals((await batchAt(store, ROOM, 72)).map(({ seq }) => seq), [71, 72, 73]);
});

Deno.test("a reader gets each entry once while batches are split", async () => {
  await using core = await openCore();
  const { store } = core, all = posts(64);
  for (let from = 0; from < 64; from += 2) await store.commit([], appendedBatches(ROOM, all.slice(from, from + 2)));
  for (const reverse of [false, true]) {
    const seqs: number[] = [];
    for await (const { seq } of scan(store, ROOM, { reverse, wanted: 4 })) {
      seqs.push(seq);
      const batch = await batchAt(store, ROOM, seq);
      await store.commit([], splitBatch(ROOM, batch, new Map([[seq, post(seq, `changed ${reverse}`)]])));
    }
    const wanted = all.map(({ seq }) => seq);
    assertEquals(seqs, reverse ? wanted.toReversed() : wanted);
  }
});

Deno.test("of a message that was deleted among others nothing is left", async () => {
  await using core = await openCore();
  const room = await general(core);
  await Promise.all(
    ["one", "a secret", "three"].map((content) => core.messages.post(asGuest(alice), room.id, { content })),
  );
  await core.messages.delete(asGuest(alice), messageId(room.id, 2));
  const kept = await Array.fromAsync(core.store.list(keys.log.under(room.id)));
  assert(!JSON.stringify(kept).includes("secret"));
  assertEquals((await core.messages.page(room, { limit: 10 })).posts.map(({ content }) => content), ["one", "three"]);
});

Deno.test("several changes to one batch in one commit all stand", async () => {
  await using core = await openCore();
  const room = await general(core), id = (seq: number) => messageId(room.id, seq);
  await Promise.all(posts(5).map(({ content }) => core.messages.post(asGuest(alice), room.id, { content })));
  await Promise.all([
    core.messages.edit(asGuest(alice), id(2), "edited"),
    core.messages.edit(asGuest(alice), id(2), "edited again"),
    core.messages.react(asGuest(bob), id(2), "👍", true),
    core.messages.react(asGuest(alice), id(2), "👍", true),
    core.messages.pin(asGuest(alice), id(4), true),
  ]);
  const { posts: now } = await core.messages.page(room, { limit: 10 });
  assertEquals(now.map(({ content, pinned }) => [content, pinned]), [
    ["message 1", false],
    ["edited again", false],
    ["message 3", false],
    ["message 4", true],
    ["message 5", false],
  ]);
  assertEquals(now[1]!.reactions.map(({ emoji, count }) => [emoji, count]), [["👍", 2]]);
});

Deno.test("entries that an older program has stored alone are read, changed and counted like others", async () => {
  await using core = await openCore();
  const room = await general(core), old = posts(3).map((entry) => ({ ...entry, reactions: [] }));
  const head = (await core.log.head(room.id))!;
  await core.store.commit([], [
    ...old.map((value) => ({ type: "set", key: keys.log(room.id, value.seq).path, value }) as const),
    { type: "set", key: keys.head(room.id).path, value: { ...head, seq: 3, posts: 3 } },
  ]);
  await core.messages.edit(asGuest(alice), messageId(room.id, 2), "edited");
  await core.messages.post(asGuest(bob), room.id, { content: "new" });
  const { posts: now } = await core.messages.page(room, { limit: 10 });
  assertEquals(now.map(({ content }) => content), ["message 1", "edited", "message 3", "new"]);
  assertEquals(await core.log.countPosts(room.id, 0, 5), 4);
});
