import { assertEquals } from "@std/assert";
import { type Subscriber, Subscription } from "@/lib/live/connection.ts";
import { Feed } from "@/lib/live/feed.ts";
import { RoomChannel } from "@/lib/live/room_channel.ts";
import { WriteScheduler } from "@/lib/live/write_scheduler.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { RoomKind } from "@/lib/model/room.ts";
import { appCodec } from "@/lib/protocols/app/codec.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { roomBatchCodec, roomCodec } from "@/lib/protocols/room/codec.ts";
import { alice, bob, openCore } from "@/tests/people.ts";
import { serve } from "@/tests/server.ts";

/** A socket that keeps what it's sent. */
function socket(person: Person, codec: Codec): Subscriber & { readonly sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    codec,
    actor: { person, session: null, scopes: null, expiresAt: null, guard: null },
    boundRoom: 1,
    isAdmitted: true,
    subscriptions: new Map(),
    send: (frame) => void (frame !== undefined && sent.push(frame)),
    refuse: () => undefined,
    end: () => undefined,
    close: () => undefined,
  };
}

function post(seq: number, content: string): Entry {
  return { type: "post", seq, at: 0, by: bob, content, editedAt: null, replyTo: null, pinned: false, reactions: [] };
}

/** What sockets of Alice's are sent of a commit in which she loses a role, with a message before and one after it. */
async function delivered(kind: RoomKind, role: Role | null) {
  await using core = await openCore();
  const head = { epoch: "e1", seq: 0, posts: 0, at: 0 };
  const room = { ...(await core.rooms.get(1))!, kind };
  const removed: Subscription[] = [];
  const channel = new RoomChannel(room, new Feed(1, head, core.log, () => undefined), new WriteScheduler(), {
    onPresence: () => undefined,
    onRemoved: (subscription) => removed.push(subscription),
  });
  const sockets = [roomCodec, roomBatchCodec, appCodec].map((codec) => socket(alice, codec));
  const other = socket(bob, roomCodec);
  for (const one of [...sockets, other]) {
    const subscription = new Subscription(one, 1, "member");
    subscription.live = true;
    channel.subscriptions.add(subscription);
  }
  channel.deliver([
    post(1, "before"),
    { type: "member", seq: 2, at: 0, by: bob, member: alice, role },
    post(3, "after"),
  ]);
  channel.presence.close();
  const says = ({ sent }: { sent: string[] }, content: string) => sent.some((frame) => frame.includes(content));
  return {
    removed: removed.length,
    before: sockets.map((one) => says(one, "before")),
    after: sockets.map((one) => says(one, "after")),
    other: says(other, "after"),
  };
}

const all = [true, true, true], none = [false, false, false];

Deno.test("a socket gets nothing after the entry that removes its person from the room", async () => {
  const removal = { removed: 3, before: all, after: none, other: true };
  assertEquals(await delivered("public", "banned"), removal);
  assertEquals(await delivered("private", "banned"), removal);
  assertEquals(await delivered("private", null), removal);
});

Deno.test("a change of role that leaves the right to read leaves the socket in the room", async () => {
  const stays = { removed: 0, before: all, after: all, other: true };
  assertEquals(await delivered("public", null), stays);
  assertEquals(await delivered("private", "moderator"), stays);
});

Deno.test("a nonce goes to its author's sockets only, once, whichever protocol they speak", async () => {
  await using server = await serve();
  const ann = await server.person("Ann"), bea = await server.person("Bea");
  const room = (token: string, batch = false) => server.socket(`/ws/chat/1?token=${token}${batch ? "&batch=1" : ""}`);
  const own = [room(ann.token), room(ann.token, true)], others = [room(bea.token), room(bea.token, true)];
  await Promise.all([...own, ...others].map((socket) => socket.until("users_list")));
  const pages = [ann, bea].map(({ cookie }) => server.socket("/ws", { headers: cookie }));
  for (const page of pages) {
    await page.until("hello");
    await page.send({ type: "subscribe", room: 1, nonce: "s" });
    await page.until("ok");
  }
  await own[0]!.send({ type: "message", content: "hi", nonce: "n-1" });
  const text = async (socket: typeof own[number]) =>
    JSON.stringify(await socket.until("message").catch(() => undefined));
  for (const socket of own) assertEquals((await text(socket)).match(/"nonce"/g)?.length, 1);
  for (const socket of others) assertEquals((await text(socket)).includes("n-1"), false);
  const [mine, theirs] = await Promise.all(pages.map(async (page) => JSON.stringify(await page.until("events"))));
  assertEquals(mine?.match(/n-1/g)?.length, 1);
  assertEquals(theirs?.includes("n-1"), false);
  // And when they come back.
  for (const [{ token }, count] of [[ann, 1], [bea, 0]] as const) {
    const back = server.socket(`/ws/chat/1?token=${token}&after=0`);
    assertEquals(JSON.stringify(await back.until("message")).match(/n-1/g)?.length ?? 0, count);
  }
});
