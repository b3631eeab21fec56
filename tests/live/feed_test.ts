import { asGuest } from "@/lib/chat/policy.ts";
import { assertEquals } from "@std/assert";
import type { Entry } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import { Feed, MISSED_MAX, recovery } from "@/lib/live/feed.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { Policy } from "@/lib/chat/policy.ts";
import { Log } from "@/lib/store/log/log.ts";
import { alice, bob, openCore } from "@/tests/people.ts";
import { around } from "@/tests/store/around.ts";

const head = { epoch: "e1", seq: 2000, posts: 2000, at: 0 };

Deno.test("who comes back gets nothing, what was missed, or starts anew", () => {
  const table: [Parameters<typeof recovery>[0], ReturnType<typeof recovery>][] = [
    [{ after: 2000, epoch: "e1" }, "none"],
    [{ after: 2000 }, "none"],
    [{ after: 1999, epoch: "e1" }, "entries"],
    [{ after: 2000 - MISSED_MAX }, "entries"],
    [{ after: 1999 - MISSED_MAX }, "reset"],
    [{ after: 0, epoch: "e1" }, "reset"],
    [{ after: 2001, epoch: "e1" }, "reset"],
    [{ after: 2000, epoch: "e0" }, "reset"],
    [{ after: 1999, epoch: "e0" }, "reset"],
  ];
  for (const [position, wanted] of table) assertEquals(recovery(position, head), wanted, JSON.stringify(position));
});

Deno.test("a feed delivers what another instance wrote, dense and in order, when the head rings", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const start = (await core.log.head(room.id))!;
  const delivered = Promise.withResolvers<void>();
  const seen: number[] = [];
  const feed = new Feed(room.id, start, core.log, (entries) => {
    seen.push(...entries.map(({ seq }) => seq));
    if (seen.length === 5) delivered.resolve();
  });
  for (let index = 0; index < 5; index++) await core.messages.post(asGuest(alice), room.id, { content: `${index}` });
  const now = (await core.log.head(room.id))!;
  // A watch under load skips heads and repeats them.
  feed.onHead({ ...now, seq: 2 });
  feed.onHead(now);
  feed.onHead(now);
  await delivered.promise;
  assertEquals(seen, [1, 2, 3, 4, 5]);
  assertEquals(feed.head, now);
});

Deno.test("a commit from here that is ahead of another's waits for what lies between", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const delivered = Promise.withResolvers<void>();
  const seen: Entry[] = [];
  const feed = new Feed(room.id, (await core.log.head(room.id))!, core.log, (entries) => {
    seen.push(...entries);
    if (seen.length === 3) delivered.resolve();
  });
  await core.messages.post(asGuest(alice), room.id, { content: "another's" });
  await core.messages.post(asGuest(alice), room.id, { content: "another's, too" });
  await core.messages.post(asGuest(alice), room.id, { content: "ours" });
  feed.offer((await core.log.head(room.id))!, core.committed.at(-1)!.entries);
  await delivered.promise;
  assertEquals(seen.map(({ seq }) => seq), [1, 2, 3]);
});

Deno.test("a post from here keeps its sender's nonce when the head rings before its own commit answers", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const delivered = Promise.withResolvers<void>();
  const seen: Entry[] = [];
  const rung = Promise.withResolvers<void>();
  let gate: Promise<void> | undefined;
  // A store whose watch is quicker than the answer to a commit, and where a read is under way meanwhile.
  const store = around(core.store, {
    async commit(...given) {
      const versionstamp = await core.store.commit(...given);
      feed.onHead((await core.log.head(room.id))!);
      rung.resolve();
      for (let read = 0; read < 10; read++) await core.log.read(room.id, 0, 2);
      return versionstamp;
    },
    async *list(...given) {
      const wait = gate;
      gate = undefined;
      await wait;
      yield* core.store.list(...given);
    },
  });
  const log: Log = new Log(store, (_room, head, entries) => void feed.offer(head, entries));
  const feed: Feed = new Feed(room.id, (await core.log.head(room.id))!, log, (entries) => {
    seen.push(...entries);
    if (seen.length === 2) delivered.resolve();
  });
  await core.messages.post(asGuest(bob), room.id, { content: "another's" });
  const head = (await core.log.head(room.id))!;
  gate = rung.promise;
  feed.onHead(head);
  // The feed has begun to read when this commit begins.
  await Promise.resolve();
  assertEquals(gate, undefined);
  await new Messages(log, core.rooms, core.jobs, new Policy("full"), new Mentions(core.store)).post(
    asGuest(alice),
    room.id,
    {
      content: "ours",
      nonce: "n1",
    },
  );
  await delivered.promise;
  assertEquals(seen.map((entry) => [entry.seq, entry.type === "post" ? entry.nonce : ""]), [[1, undefined], [2, "n1"]]);
});

Deno.test("what a feed remembers is what the log says: edits and deletions reach back", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const feed = new Feed(room.id, (await core.log.head(room.id))!, core.log, () => undefined);
  const say = async (content: string) =>
    messageId(room.id, (await core.messages.post(asGuest(alice), room.id, { content })).post.seq);
  const [first, second] = [await say("first"), await say("second")];
  await core.messages.edit(asGuest(alice), first, "first, edited");
  await core.messages.react(asGuest(alice), second, "👍", true);
  await core.messages.edit(asGuest(alice), first, "first, edited twice");
  await core.messages.pin(asGuest(alice), first, true);
  await core.messages.delete(asGuest(alice), second);
  for (const { entries } of core.committed) {
    feed.offer({ epoch: "", seq: entries.at(-1)!.seq, posts: 0, at: 0 }, entries);
  }
  assertEquals(await feed.since(0), await core.log.read(room.id, 0, 100));
  await core.messages.delete(asGuest(alice), first);
  const { entries } = core.committed.at(-1)!;
  feed.offer({ epoch: "", seq: entries.at(-1)!.seq, posts: 0, at: 0 }, entries);
  assertEquals(await feed.since(0), await core.log.read(room.id, 0, 100));
});

Deno.test("a read that fails is tried again, and the room does not stay behind", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const start = (await core.log.head(room.id))!;
  await core.messages.post(asGuest(alice), room.id, { content: "late" });
  let failures = 0;
  const log: Log = Object.create(core.log, {
    settled: { value: core.log.settled.bind(core.log) },
    read: {
      value: (...given: Parameters<Log["read"]>) =>
        failures++ === 0
          ? Promise.reject(new Error("the store is away, as this test wants it"))
          : core.log.read(...given),
    },
  });
  const delivered = Promise.withResolvers<number>();
  const feed = new Feed(room.id, start, log, (entries) => delivered.resolve(entries[0]!.seq));
  const { error } = console;
  console.error = () => undefined;
  try {
    feed.onHead((await core.log.head(room.id))!);
    assertEquals(await delivered.promise, 1);
    assertEquals(failures, 2);
  } finally {
    console.error = error;
  }
});
