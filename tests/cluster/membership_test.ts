import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { keys } from "@/lib/store/keys.ts";
import { put, remove } from "@/lib/store/commit.ts";
import type { Client, Frame } from "@/tests/client.ts";
import { TIMED } from "@/tests/limits.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import { endSessions } from "@/tests/people.ts";

/** What crosses from one instance to another is there within this, in milliseconds, nearly always. */
const CROSSING_MS = 100;

/** Two instances over one store. */
async function two(): Promise<{ one: TestServer; other: TestServer } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const store = `${folder}/hubbub.sqlite`;
  const one = await serve({ store }), other = await serve({ store });
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Reads frames until one is as wished. */
async function seen(client: Client, wish: (frame: Frame) => boolean): Promise<Frame> {
  while (true) {
    const frame = await client.next();
    if (wish(frame)) return frame;
  }
}

const lists = (...users: string[]) => (frame: Frame) =>
  frame.type === "users_list" && JSON.stringify(frame.users) === JSON.stringify(users);

async function ask(server: TestServer, who: TestPerson, method: string, path: string, json?: unknown) {
  const response = await server.fetch(`/api/chat${path}`, { method, json, headers: who.headers });
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

Deno.test("who comes to one instance is seen in the other, and who goes", async () => {
  await using instances = await two();
  const ada = await instances.one.join("Ada");
  const bob = instances.other.socket("/ws/chat/1");
  await bob.send({ username: "Bob" });
  await seen(ada, lists("Ada", "Bob"));
  await seen(bob, lists("Ada", "Bob"));
  const eve = await instances.other.join("Eve");
  assertEquals((await ada.until("system")).content, "Eve joined the room");
  eve.close();
  assertEquals((await ada.until("system")).content, "Eve left the room");
  await seen(bob, lists("Ada", "Bob"));
});

Deno.test("a guest whose name is registered at one instance is sent away from the other", async () => {
  await using instances = await two();
  await instances.one.join("Ada");
  const bob = await instances.other.join("Bob");
  await instances.one.chat.accounts.register({ name: "bob", password: "a very long walk" });
  assertEquals((await bob.closed).code, 4401);
});

Deno.test("who goes while the store is away is gone for the others once it is back", async () => {
  await using instances = await two();
  const { store } = instances.other.chat, ada = await instances.one.join("Ada");
  const eve = await instances.other.join("Eve");
  await ada.until("system", ({ content }) => content === "Eve joined the room");
  const commit = store.commit.bind(store), refused = Promise.withResolvers<void>();
  store.commit = () => {
    refused.resolve();
    return Promise.reject(new ChatError("store_unavailable"));
  };
  eve.close();
  await refused.promise;
  store.commit = commit;
  assertEquals((await ada.until("system")).content, "Eve left the room");
});

Deno.test("a write that was given up and comes to pass late brings nobody back", async () => {
  await using instances = await two();
  const { store } = instances.other.chat, ada = await instances.one.join("Ada");
  const commit = store.commit.bind(store), late: Parameters<typeof commit>[] = [];
  const given = Promise.withResolvers<void>();
  store.commit = (checks, mutations) => {
    if (!mutations.some(({ key }) => key[0] === "here")) return commit(checks, mutations);
    late.push([checks, mutations]);
    given.resolve();
    return Promise.reject(new ChatError("store_unavailable"));
  };
  const eve = await instances.other.join("Eve");
  await given.promise;
  store.commit = commit;
  await ada.until("system", ({ content }) => content === "Eve joined the room");
  eve.close();
  await ada.until("system", ({ content }) => content === "Eve left the room");
  for (const [checks, mutations] of late) await commit(checks, mutations);
  const here = await Array.fromAsync(store.list(keys.presence.under()));
  assertEquals(here.flatMap(({ value }) => value.people.map(({ name }) => name)), ["Ada"]);
});

Deno.test("who is at both is there once, and stays until the last socket goes", async () => {
  await using instances = await two();
  const bob = await instances.other.join("Bob");
  const ada = await instances.one.join("Ada"), again = await instances.other.join("Ada");
  await seen(bob, lists("Ada", "Bob"));
  ada.close();
  await bob.send({ type: "message", content: "still there?" });
  await seen(bob, ({ type }) => type === "message");
  assertEquals((await bob.settled()).filter(({ type }) => type === "system"), []);
  again.close();
  assertEquals((await bob.until("system")).content, "Ada left the room");
});

Deno.test("typing crosses, and ends with the message", async () => {
  await using instances = await two();
  const ada = await instances.one.join("Ada"), bob = await instances.other.join("Bob");
  await seen(ada, lists("Ada", "Bob"));
  await bob.send({ type: "typing", is_typing: true });
  assertEquals((await ada.until("typing")).users, ["Bob"]);
  await bob.send({ type: "message", content: "done" });
  assertEquals((await ada.until("typing")).users, []);
});

Deno.test("news crosses within a tenth of a second", TIMED, async () => {
  await using instances = await two();
  const ada = await instances.one.join("Ada"), bob = await instances.other.join("Bob");
  await seen(ada, lists("Ada", "Bob"));
  const delays: number[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const begun = performance.now();
    await bob.send({ type: "typing", is_typing: turn % 2 === 0 });
    await ada.until("typing");
    delays.push(performance.now() - begun);
  }
  delays.sort((a, b) => a - b);
  assert(delays[20]! < CROSSING_MS, `usually ${delays[20]} ms`);
});

Deno.test("rooms that come, change and go at one instance are told at the other", async () => {
  await using instances = await two();
  const { one, other } = instances;
  const mia = await other.person("Mia"), sam = await one.person("Sam");
  const page = other.socket("/ws", { headers: mia.cookie });
  await page.until("hello");
  const name = ({ room }: Frame) => z.object({ name: z.string() }).parse(room).name;
  const { id } = await ask(one, sam, "POST", "/rooms", { name: "tea" });
  const came = await page.until("rooms");
  assertEquals([came.event, name(came)], ["created", "tea"]);
  await ask(one, sam, "PATCH", `/rooms/${id}`, { name: "coffee" });
  const changed = await page.until("rooms");
  assertEquals([changed.event, name(changed)], ["changed", "coffee"]);
  await ask(one, sam, "DELETE", `/rooms/${id}`);
  assertEquals((await page.until("rooms")).event, "deleted");
});

Deno.test("what is unread, mentions, new members and the end of a session cross", async (t) => {
  await using instances = await two();
  const { one, other } = instances;
  const mia = await other.person("Mia"), sam = await one.person("Sam");
  await ask(one, mia, "PUT", "/rooms/1/read", { seq: 0 });
  const page = other.socket("/ws", { headers: mia.cookie });
  await page.until("hello");
  await t.step("a mention", async () => {
    await ask(one, sam, "POST", "/rooms/1/messages", { content: "@Mia?" });
    const { count, mentions } = await seen(page, ({ type, mentions }) => type === "unread" && mentions === 1);
    assertEquals([count, mentions], [1, 1]);
  });
  await t.step("being brought into a room", async () => {
    await ask(one, sam, "POST", "/rooms", { name: "ours", kind: "private", members: [mia.id] });
    assertEquals((await page.until("rooms")).event, "created");
  });
  await t.step("reading in a small room", async () => {
    const reader = await instances.one.join("Gus");
    await page.send({ type: "subscribe", room: 1 }, { type: "read", room: 1, seq: 1 });
    assertEquals((await reader.until("read")).username, "Mia");
  });
  await t.step("the end of the session", async () => {
    await endSessions(one.chat.store, mia.id);
    assertEquals((await page.closed).code, 4401);
  });
});

Deno.test("an instance that stops takes its people with it at once", async () => {
  await using instances = await two();
  const ada = await instances.one.join("Ada"), bob = await instances.other.join("Bob");
  await seen(ada, lists("Ada", "Bob"));
  await instances.other.chat.drain();
  assertEquals((await bob.closed).code, 1001);
  await seen(ada, lists("Ada"));
});

Deno.test("an instance that is alone writes nothing of who is here", async () => {
  await using server = await serve();
  const ada = await server.join("Ada");
  await ada.send({ type: "typing", is_typing: true }, { type: "message", content: "hi" });
  await ada.until("message");
  const written: unknown[] = [];
  for await (const row of server.chat.store.list(keys.presence.under())) written.push(row);
  for await (const row of server.chat.store.list(keys.heartbeat.under())) written.push(row);
  assertEquals(written, []);
});

Deno.test("how many are online counts everybody, wherever they are", async () => {
  await using instances = await two();
  const bob = await instances.other.join("Bob");
  await instances.one.join("Ada");
  await seen(bob, lists("Ada", "Bob"));
  const room = await (await instances.other.fetch("/api/chat/rooms/1")).json();
  assertEquals(room.online, 2);
});

Deno.test("an instance that was taken for dead comes back, with those who are there", async () => {
  await using instances = await two();
  const { one, other } = instances;
  const ada = await one.join("Ada");
  await other.join("Bob");
  await seen(ada, lists("Ada", "Bob"));
  const { store } = one.chat, { id } = other.chat.hub.presenceSync;
  await store.sweep(keys.presence.under(id));
  await store.commit([], [remove(keys.heartbeat(id)), put(keys.instances(), [one.chat.hub.presenceSync.id])]);
  await seen(ada, lists("Ada"));
  await seen(ada, lists("Ada", "Bob"));
});

Deno.test("who says again at one instance what another has committed is answered after the message itself", async () => {
  await using instances = await two();
  const ada = await instances.one.join("Ada"), again = await instances.other.join("Ada");
  for (let turn = 1; turn <= 50; turn++) {
    const said = { type: "message", content: `${turn}`, nonce: `n-${turn}` };
    await ada.send(said);
    await ada.until("message");
    await again.send(said);
    assertEquals((await again.until("message")).nonce, undefined, "first comes what everybody gets");
    assertEquals((await again.until("message")).nonce, said.nonce, "then the answer");
  }
});

Deno.test("who is banned or put out at one instance is out at the other", async () => {
  await using instances = await two();
  const { one, other } = instances;
  const olga = await one.person("Olga"), sam = await other.person("Sam");
  const square = await ask(one, olga, "POST", "/rooms", { name: "square" });
  const ours = await ask(one, olga, "POST", "/rooms", { name: "ours", kind: "private", members: [sam.id] });
  const [inSquare, inOurs] = [square, ours].map(({ id }) => other.socket(`/ws/chat/${id}?token=${sam.token}`));
  assert(inSquare && inOurs);
  await Promise.all([inSquare.until("users_list"), inOurs.until("users_list")]);
  await ask(one, olga, "PUT", `/rooms/${square.id}/members/${sam.id}`, { role: "banned" });
  assertEquals((await inSquare.closed).code, 4403);
  await ask(one, olga, "DELETE", `/rooms/${ours.id}/members/${sam.id}`);
  assertEquals((await inOurs.closed).code, 4404);
});
