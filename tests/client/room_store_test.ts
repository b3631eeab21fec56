import { assertEquals } from "@std/assert";
import { signal } from "@preact/signals";
import { isMine } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Entry } from "@/lib/model/entry.ts";
import { Connection } from "@/lib/client/connection.ts";
import type { PageQuery } from "@/lib/client/rest.ts";
import { Outbox } from "@/lib/client/outbox.ts";
import { RoomStore } from "@/lib/client/room_store.ts";
import type { MessageWindow } from "@/lib/client/message_window.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import { FakeSocket, general, person, post, posts, settle } from "./sample.ts";

/** Maya's page of `general`, with messages 1 to 3, connected. */
function begin() {
  const wire = new FakeSocket();
  const connection = new Connection(() => wire);
  const outbox = new Outbox(undefined, () => Promise.resolve({ seq: 9 }));
  const loads: { query: PageQuery; answer: (page: MessageWindow) => Promise<void>; fail: () => Promise<void> }[] = [];
  const head = { epoch: "e1", seq: 3, posts: 3, at: 0 }, user = signal<Person | null>(person("Maya"));
  const room = new RoomStore({ room: general, head }, {
    connection,
    outbox,
    user,
    onSubscribed: () => {},
    load: (_, query) => {
      const { promise, resolve, reject } = Promise.withResolvers<MessageWindow>();
      loads.push({
        query,
        answer: (page) => (resolve(page), settle()),
        fail: () => (reject(new Error("no network")), settle()),
      });
      return promise;
    },
  });
  room.adopt({ room: general, head, window: { posts: posts(1, 3), older: false, newer: false } });
  const tell = (frame: ServerFrame) => {
    wire.receive(frame);
  };
  connection.listen((frame) => room.receive(frame));
  connection.connect();
  const hello = () => tell({ type: "hello", user: person("Maya"), server_time: 0, version: "0", rooms: [] });
  const events = (from: number, entries: Entry[]) => tell({ type: "events", room: 1, from, entries });
  const subscribed = () => wire.sent.filter(({ type }) => type === "subscribe");
  const seqs = () => room.history.window.value.posts.map(({ seq }) => seq);
  return {
    room,
    user,
    outbox,
    wire,
    tell,
    hello,
    events,
    subscribed,
    seqs,
    loads,
    [Symbol.dispose]: () => connection.close(),
  };
}

const jonas = person("Jonas");

Deno.test("a page subscribes from where the server drew it, and from its position after each hello", async () => {
  using page = begin();
  page.room.follow();
  page.hello();
  const [first] = page.subscribed();
  assertEquals([first?.after, first?.epoch], [3, "e1"]);
  page.tell({ type: "ok", nonce: first?.nonce ?? "" });
  await settle();
  page.events(4, [post(4)]);
  page.hello();
  assertEquals(page.subscribed().at(-1)?.after, 4);
});

Deno.test("entries are applied to the messages once, however often they come", () => {
  using page = begin();
  page.events(4, [post(4), { type: "delete", seq: 5, at: 0, by: jonas, post: 1 }]);
  page.events(4, [post(4), { type: "delete", seq: 5, at: 0, by: jonas, post: 1 }, post(6)]);
  assertEquals(page.seqs(), [2, 3, 4, 6]);
});

Deno.test("after a gap the page subscribes again from its position", () => {
  using page = begin();
  page.hello();
  page.events(6, [post(6)]);
  assertEquals(page.seqs(), [1, 2, 3]);
  assertEquals(page.subscribed().map(({ after }) => after), [3]);
  page.events(4, posts(4, 6));
  assertEquals(page.seqs(), [1, 2, 3, 4, 5, 6]);
});

Deno.test("a reaction is the reader's by id, not by name", () => {
  using page = begin();
  const namesake = { ...person("Maya"), id: "f".repeat(24) };
  const react = (
    seq: number,
    by: Person,
    count: number,
  ) => ({ type: "react", seq, at: 0, by, post: 1, emoji: "👍", on: true, count } as const);
  const mine = () => page.room.history.window.value.posts[0]?.reactions.map((one) => isMine(one, person("Maya").id));
  page.events(4, [react(4, namesake, 1)]);
  assertEquals(mine(), [false]);
  page.events(5, [react(5, person("Maya"), 2)]);
  assertEquals(mine(), [true]);
});

Deno.test("entries of another room are ignored", () => {
  using page = begin();
  page.tell({ type: "events", room: 2, from: 4, entries: [post(4)] });
  assertEquals(page.seqs(), [1, 2, 3]);
});

Deno.test("a reset loads the newest page, with the entries that came meanwhile", async () => {
  using page = begin();
  page.tell({ type: "reset", room: 1, head: { epoch: "e2", seq: 10, posts: 9, at: 0 } });
  page.events(11, [post(11), { type: "delete", seq: 12, at: 0, by: jonas, post: 9 }]);
  await page.loads[0]?.answer({ posts: posts(7, 10), older: true, newer: false });
  assertEquals(page.seqs(), [7, 8, 10, 11]);
  page.room.follow();
  page.hello();
  const [subscription] = page.subscribed();
  assertEquals([subscription?.after, subscription?.epoch], [12, "e2"]);
});

Deno.test("after a reset an acknowledged message isn't pending any more", async () => {
  using page = begin();
  page.outbox.open(person("Maya").id);
  page.outbox.add(1, person("Maya").id, "a");
  await settle();
  assertEquals(page.outbox.items.value.map(({ state }) => state), ["sent"]);
  page.tell({ type: "reset", room: 1, head: { epoch: "e1", seq: 10, posts: 9, at: 0 } });
  assertEquals(page.outbox.items.value.length, 1);
  await page.loads[0]?.answer({ posts: posts(7, 10), older: true, newer: false });
  assertEquals(page.outbox.items.value, []);
});

Deno.test("after a reset a message without an acknowledgement is recognised by its nonce", async () => {
  using page = begin();
  const { nonce } = page.outbox.add(1, person("Maya").id, "a");
  page.tell({ type: "reset", room: 1, head: { epoch: "e1", seq: 10, posts: 9, at: 0 } });
  const newest = [...posts(7, 9), post(10, { nonce })];
  await page.loads[0]?.answer({ posts: newest, older: true, newer: false });
  assertEquals(page.outbox.items.value, []);
});

Deno.test("a message of an earlier page that the server has drawn isn't pending", () => {
  using page = begin();
  const { nonce } = page.outbox.add(1, person("Maya").id, "a");
  page.room.history.window.value = { posts: [post(3, { nonce })], older: false, newer: false };
  page.room.follow();
  assertEquals(page.outbox.items.value, []);
});

Deno.test("the older page is requested once, before the first message", async () => {
  using page = begin();
  page.room.history.window.value = { posts: posts(51, 60), older: true, newer: false };
  page.room.history.loadMore("older");
  page.room.history.loadMore("older");
  assertEquals(page.loads.map(({ query }) => query), [{ before: 2 ** 32 + 51 }]);
  await page.loads[0]?.answer({ posts: posts(1, 50), older: false, newer: true });
  assertEquals([page.seqs().length, page.room.history.window.value.older], [60, false]);
});

Deno.test("an edit that comes while its message is being loaded is not lost", async () => {
  using page = begin();
  page.room.history.window.value = { posts: posts(3, 3), older: true, newer: false };
  page.room.history.loadMore("older");
  page.events(4, [{ type: "edit", seq: 4, at: 0, by: jonas, message: post(1, { content: "edited" }) }]);
  await page.loads[0]?.answer({ posts: posts(1, 2), older: false, newer: true });
  assertEquals(page.room.history.window.value.posts[0]?.content, "edited");
});

Deno.test("a page that can't be loaded shows an error, and can be retried", async () => {
  using page = begin();
  page.room.history.window.value = { posts: posts(3, 3), older: true, newer: false };
  page.room.history.loadMore("older");
  await page.loads[0]?.fail();
  assertEquals(page.room.view.problem.value, "Couldn't load these messages.");
  page.room.history.loadMore("older");
  assertEquals(page.loads.length, 2);
});

Deno.test("above the end, others' new messages are counted; at the end nothing is unseen", () => {
  using page = begin();
  page.room.view.atEnd = false;
  page.events(4, [post(4, { by: jonas }), post(5), post(6, { by: jonas })]);
  assertEquals(page.room.view.unseen.value, 2);
  page.room.view.atEnd = true;
  page.room.seen();
  assertEquals(page.room.view.unseen.value, 0);
});

Deno.test("messages on a hidden page are unseen until it is visible", () => {
  using page = begin();
  page.room.show(false);
  page.events(4, [post(4, { by: jonas })]);
  assertEquals(page.room.view.unseen.value, 1);
  page.room.show(true);
  assertEquals(page.room.view.unseen.value, 0);
});

Deno.test("what an account has seen is reported as read, once subscribed", async () => {
  using page = begin();
  page.user.value = { ...person("Maya"), guest: false };
  page.room.follow();
  page.hello();
  const read = page.wire.next("read");
  page.tell({ type: "ok", nonce: page.subscribed()[0]?.nonce ?? "" });
  await settle();
  page.events(4, [post(4, { by: jonas })]);
  assertEquals((await read).seq, 4);
  // The report may have been lost with the connection.
  page.hello();
  const again = page.wire.next("read");
  page.tell({ type: "ok", nonce: page.subscribed()[1]?.nonce ?? "" });
  assertEquals((await again).seq, 4);
});

// A timer that was begun all the same would be found at the end of this test.
Deno.test("what an account hasn't seen isn't reported as read", () => {
  using page = begin();
  page.user.value = { ...person("Maya"), guest: false };
  page.room.show(false);
  page.events(4, [post(4, { by: jonas })]);
  page.room.view.atEnd = false;
  page.room.show(true);
});

Deno.test("a ban shows as an error", () => {
  using page = begin();
  page.tell({ type: "error", code: "forbidden", detail: "You're no longer in this room." });
  assertEquals(page.room.view.problem.value, "You're no longer in this room.");
});

Deno.test("screen readers announce the messages of others", () => {
  using page = begin();
  page.events(4, [post(4, { by: jonas, content: "hello" }), post(5)]);
  assertEquals(page.room.view.announcement.value, "Jonas: hello");
});

Deno.test("the room is renamed and deleted live", () => {
  using page = begin();
  page.events(4, [{ type: "room", seq: 4, at: 0, by: jonas, name: "lobby", description: "d", archived: false }]);
  assertEquals(page.room.room.value.name, "lobby");
  page.tell({ type: "rooms", event: "deleted", room: { ...general, id: 2 } });
  assertEquals(page.room.deleted.value, false);
  page.tell({ type: "rooms", event: "deleted", room: general });
  assertEquals(page.room.deleted.value, true);
});

Deno.test("a room that was deleted while offline shows as deleted", async () => {
  using page = begin();
  page.room.follow();
  page.hello();
  const nonce = page.subscribed()[0]?.nonce ?? "";
  page.tell({ type: "error", nonce, code: "room_not_found", detail: "Room not found" });
  await settle();
  assertEquals(page.room.deleted.value, true);
});

Deno.test("a refused edit says why", async () => {
  using page = begin();
  page.hello();
  const done = page.room.edit(1, "new");
  const nonce = page.wire.sent.at(-1)?.nonce ?? "";
  page.tell({ type: "error", nonce, code: "forbidden", detail: "You can only edit your own messages." });
  assertEquals(await done, false);
  assertEquals(page.room.view.problem.value, "You can only edit your own messages.");
});
