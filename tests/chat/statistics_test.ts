import { assertEquals } from "@std/assert";
import { Accounts } from "@/lib/chat/accounts.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { asGuest, Policy } from "@/lib/chat/policy.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import type { Room } from "@/lib/model/room.ts";
import { messageId } from "@/lib/model/message.ts";
import { Statistics } from "@/lib/chat/statistics.ts";
import { Files } from "@/lib/chat/files.ts";
import { Jobs } from "@/lib/store/jobs.ts";
import { Log } from "@/lib/store/log/log.ts";
import { alice, asAccount } from "@/tests/people.ts";
import { openStore } from "@/lib/store/open.ts";

const MINUTE = 60_000;

/** A core with a clock of its own, which counts how many posts are read from the store. */
async function open() {
  const store = await openStore(":memory:"), policy = new Policy("full");
  const time = { now: 1_700_000_000_000 }, read = { posts: 0 }, now = () => time.now;
  const log = new Log(store, () => undefined, now);
  const postsBefore = log.postsBefore.bind(log);
  log.postsBefore = async (...asked) => {
    const posts = await postsBefore(...asked);
    read.posts += posts.length;
    return posts;
  };
  const jobs = new Jobs(store), rooms = new Rooms(store, log, jobs, policy, () => undefined);
  await rooms.prepare();
  const messages = new Messages(log, rooms, jobs, policy, new Mentions(store));
  const accounts = new Accounts(store, jobs, new Files(store, jobs), policy);
  const statistics = new Statistics({ store, log, rooms, accounts, policy }, now);
  const lastHour = async (room: Room) => (await statistics.ofRoom(room)).lastHour;
  const say = async (room: Room, times = 1) => {
    const said = Array.from(
      { length: times },
      (_, index) => messages.post(asGuest(alice), room.id, { content: `${index}` }),
    );
    return (await Promise.all(said)).map(({ post }) => messageId(room.id, post.seq));
  };
  const general = (await rooms.get(1))!;
  return {
    store,
    time,
    read,
    rooms,
    messages,
    statistics,
    general,
    lastHour,
    say,
    [Symbol.dispose]: () => store.close(),
  };
}

Deno.test("messages of the last hour: those that are older do not count any more", async () => {
  using core = await open();
  const { general, time, say, lastHour } = core;
  assertEquals(await lastHour(general), 0);
  await say(general, 3);
  time.now += 30 * MINUTE;
  await say(general, 2);
  assertEquals(await lastHour(general), 5);
  time.now += 31 * MINUTE;
  assertEquals(await lastHour(general), 2);
  await say(general);
  assertEquals(await lastHour(general), 3);
  time.now += 61 * MINUTE;
  assertEquals(await lastHour(general), 0);
});

Deno.test("no message is looked at twice, and of what is older than an hour only the newest", async () => {
  using core = await open();
  const { general, time, read, say, lastHour } = core;
  await say(general, 2_000);
  time.now += 61 * MINUTE;
  await say(general, 700);
  assertEquals(await lastHour(general), 700);
  assertEquals(read.posts, 1_000, "two pages");
  await say(general, 3);
  assertEquals([await lastHour(general), read.posts], [703, 1_003]);
  assertEquals([await lastHour(general), read.posts], [703, 1_003]);
});

Deno.test("edits, reactions and deletions are no messages", async () => {
  using core = await open();
  const { general, messages, say, lastHour } = core;
  const [first, second] = await say(general, 2), actor = asGuest(alice);
  await messages.edit(actor, first!, "other words");
  await messages.react(actor, first!, "👍", true);
  assertEquals(await lastHour(general), 2);
  await messages.delete(actor, second!);
  await say(general);
  assertEquals(await lastHour(general), 3, "what was deleted after it was counted was said all the same");
  const [third] = await say(general);
  await messages.delete(actor, third!);
  assertEquals(await lastHour(general), 3, "and what was deleted before that makes nothing count twice");
});

Deno.test("the busiest rooms are those with most messages of the last hour; private ones do not count", async () => {
  using core = await open();
  const { general, rooms, statistics, time, say } = core;
  const make = (name: string) => rooms.create(null, { name, description: "" });
  const quiet = await make("quiet"), busy = await make("busy");
  await say(quiet, 9);
  time.now += 61 * MINUTE;
  await say(busy, 5);
  await say(general, 2);
  const bob = { ...alice, guest: false, id: "b".repeat(24) };
  const actor = asAccount(bob);
  const secret = await rooms.create(actor, { name: "secret", description: "", kind: "private" });
  const { room: direct } = await rooms.direct(actor, { ...bob, id: "c".repeat(24) });
  await core.messages.post(actor, secret.id, { content: "psst" });
  await core.messages.post(actor, direct.id, { content: "psst" });
  const { busiest, ...totals } = await statistics.totals(actor);
  assertEquals(busiest.map(({ room, head }) => [room.name, head.posts]), [["busy", 5], ["general", 2], ["quiet", 9]]);
  assertEquals(totals, { rooms: 3, messages: 16, accounts: 0, lastHour: 7 });
  await rooms.delete(asGuest(alice), busy.id);
  assertEquals((await statistics.totals(null)).messages, 11);
});

Deno.test("ten rooms are named", async () => {
  using core = await open();
  for (let number = 0; number < 12; number++) {
    await core.rooms.create(null, { name: `room ${number}`, description: "" });
  }
  assertEquals((await core.statistics.totals(null)).busiest.length, 10);
});
