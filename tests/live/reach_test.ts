import { assertEquals, assertRejects } from "@std/assert";
import type { Entry } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import { Feed } from "@/lib/live/feed.ts";
import { keys } from "@/lib/store/keys.ts";
import { Log } from "@/lib/store/log/log.ts";
import { put } from "@/lib/store/commit.ts";
import { openStore } from "@/lib/store/open.ts";
import { appendOf, newRoom, type Operation } from "@/tests/simulation/operations.ts";

const by = { id: "a".repeat(24), name: "Alice", guest: true };
const start: Head = { epoch: "e1", seq: 0, posts: 0, at: 0 };

/** Somebody says or changes something in room 1. */
function operation(kind: Operation["kind"], name: string, target?: number): Operation {
  return { kind, name, room: 1, by, target, content: name, done: false };
}

/** A room whose feed has not heard of what was said in it. */
async function lateFeed(...operations: readonly Operation[]) {
  const store = await openStore(":memory:"), seen: number[] = [];
  let now = 0;
  const log = new Log(store, () => undefined, () => ++now);
  await store.commit([], [put(keys.head(1), start), put(keys.room(1), newRoom(1))]);
  const feed = new Feed(1, start, log, (entries) => seen.push(...entries.map(({ seq }) => seq)));
  for (const one of operations) await log.append(1, appendOf(one));
  return { store, log, feed, seen, [Symbol.dispose]: () => store.close() };
}

Deno.test("a feed goes on to where somebody has been elsewhere, though its watch has not rung", async () => {
  using room = await lateFeed(operation("post", "one"), operation("post", "two"), operation("post", "three"));
  await room.feed.waitFor({ after: 2, epoch: "e1" });
  assertEquals([room.seen, room.feed.head.seq], [[1, 2, 3], 3]);
});

Deno.test("a feed stays where it is for a position that the log never had, or that is of another log", async () => {
  using room = await lateFeed(operation("post", "one"));
  await room.feed.waitFor({ after: 2, epoch: "e1" });
  await room.feed.waitFor({ after: 1, epoch: "e0" });
  assertEquals([room.seen, room.feed.head.seq], [[], 0]);
});

Deno.test("who has been further than can be read now is told to try again, and not to begin anew", async () => {
  using room = await lateFeed(operation("post", "one"));
  const unreadable: Log = Object.create(room.log, {
    head: { value: room.log.head.bind(room.log) },
    settled: { value: room.log.settled.bind(room.log) },
    read: { value: () => Promise.reject(new ChatError("store_unavailable", "as this test wants it")) },
  });
  const retries: (() => void)[] = [];
  const feed = new Feed(1, start, unreadable, () => undefined, (act) => retries.push(act));
  await assertRejects(() => feed.waitFor({ after: 1 }), ChatError, "Store unavailable");
  assertEquals(retries.length, 1);
});

Deno.test("a feed that reads late remembers a deletion as the log has it", async () => {
  using room = await lateFeed(operation("post", "one"));
  const { feed, log } = room;
  await feed.waitFor({ after: 1 });
  await log.append(1, appendOf(operation("edit", "two", 1)));
  await log.append(1, appendOf(operation("delete", "three", 1)));
  feed.onHead({ ...start, seq: 2 });
  await feed.waitFor({ after: 3 });
  const remembered: readonly Entry[] = await feed.since(0);
  assertEquals(remembered, await log.read(1, 0, 3));
});
