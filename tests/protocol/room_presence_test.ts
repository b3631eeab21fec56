import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import type { Client, Frame } from "@/tests/client.ts";
import { serve } from "@/tests/server.ts";

Deno.test("everyone is told who comes and who goes, and who is here then", async () => {
  await using server = await serve();
  const zoe = await server.join("Zoe"), bob = await server.join("Bob");
  assertEquals(await zoe.next(), { type: "system", content: "Bob joined the room" });
  assertEquals(await zoe.next(), { type: "users_list", users: ["Bob", "Zoe"], count: 2 });
  bob.close();
  assertEquals(await zoe.next(), { type: "system", content: "Bob left the room" });
  assertEquals(await zoe.next(), { type: "users_list", users: ["Zoe"], count: 1 });
});

Deno.test("a name is present once, however many sockets it has and however it is written", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  const alices = [await server.join("Alice"), await server.join("ALICE"), await server.join("alice")];
  await bob.until("users_list");
  assertEquals(await bob.settled(), []);
  const last = alices.pop()!;
  for (const alice of alices) alice.close();
  for (const alice of alices) await alice.closed;
  await last.send({ type: "message", content: "Still here" });
  assertEquals((await bob.next()).type, "message");
  last.close();
  assertEquals(await bob.next(), { type: "system", content: "Alice left the room" });
});

Deno.test("who closes without a code says goodbye, too", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  for (const headers of [undefined, {}]) {
    const alice = server.socket("/ws/chat/1?username=Alice", headers && { headers });
    await alice.until("users_list");
    const closedAt = Date.now();
    alice.close(null);
    await bob.until("system", ({ content }) => content === "Alice left the room");
    assertLess(Date.now() - closedAt, 1_000);
  }
});

Deno.test("a reload within two seconds is not seen, and a lost connection is after them", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  const alice = server.socket("/ws/chat/1?username=Alice", { headers: {} });
  await alice.until("users_list");
  await bob.until("users_list");
  alice.cut();
  await sockets(server, 1);
  const again = server.socket("/ws/chat/1?username=Alice", { headers: {} });
  assertEquals((await again.until("users_list")).users, ["Alice", "Bob"]);
  assertEquals(await bob.settled(), []);
  again.cut();
  await sockets(server, 1);
  const cutAt = Date.now();
  assertEquals(await bob.next(), { type: "system", content: "Alice left the room" });
  assertGreater(Date.now() - cutAt, 1_500);
  assertLess(Date.now() - cutAt, 3_000);
  assertEquals(await bob.next(), { type: "users_list", users: ["Bob"], count: 1 });
});

Deno.test("somebody who leaves while still reading what was missed takes nobody else's place", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), alice = await server.join("Alice");
  await bob.until("users_list");
  await alice.send({ type: "message", content: "one" });
  await bob.until("message");
  // So the room's feed begins after that message, and what was missed has to be read from the log.
  const reading = Promise.withResolvers<void>(), read = Promise.withResolvers<void>();
  const { log } = server.chat, original = log.read.bind(log);
  log.read = async (...range) => {
    reading.resolve();
    await read.promise;
    return await original(...range);
  };
  server.chat.hub.roomEvent("deleted", (await server.chat.rooms.get(1))!);
  await Promise.all([bob.closed, alice.closed]);
  const second = await server.join("Bob"), first = await server.join("Alice");
  await second.until("users_list");
  const brief = server.socket("/ws/chat/1?username=Alice&after=0");
  await brief.until("connected");
  await reading.promise;
  brief.close();
  await sockets(server, 2);
  read.resolve();
  assertEquals(await second.settled(), []);
  assertEquals(await first.settled(), []);
  assertEquals(server.chat.hub.online.people(1).map(({ name }) => name), ["Alice", "Bob"]);
});

Deno.test("typing is told to the others, and never to the one who types", async () => {
  await using server = await serve();
  const [alice, bob, carol] = [await server.join("Alice"), await server.join("Bob"), await server.join("Carol")];
  for (const client of [alice, bob, carol]) await client.settled();

  await alice.send({ type: "typing", is_typing: true });
  assertEquals(await bob.next(), { type: "typing", users: ["Alice"] });
  assertEquals(await carol.next(), { type: "typing", users: ["Alice"] });
  await bob.send({ type: "typing", is_typing: true });
  assertEquals(await alice.next(), { type: "typing", users: ["Bob"] });
  assertEquals(await carol.next(), { type: "typing", users: ["Alice", "Bob"] });
  // Whoever comes is told too, and not of themselves.
  const late = await server.join("Dora"), own = await server.join("alice");
  assertEquals(await late.next(), { type: "typing", users: ["Alice", "Bob"] });
  assertEquals(await own.next(), { type: "typing", users: ["Bob"] });

  for (const client of [alice, bob, carol]) await client.settled();
  await alice.send({ type: "typing", is_typing: true });
  await alice.settled();
  assertEquals(await bob.settled(), [], "who goes on typing is no news");
  await alice.send({ type: "typing", is_typing: false });
  assertEquals(await carol.next(), { type: "typing", users: ["Bob"] });
  assertEquals(await bob.next(), { type: "typing", users: [] });
  await bob.send({ type: "typing", is_typing: false });
  assertEquals(await carol.next(), { type: "typing", users: [] });
});

Deno.test("typing ends with a message and with leaving", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), alice = await server.join("Alice");
  await bob.until("users_list");
  await type(alice, bob);
  await alice.send({ type: "message", content: "Hello" });
  assertEquals(await bob.next(), { type: "typing", users: [] });
  assertEquals((await bob.next()).type, "message");
  await type(alice, bob);
  alice.close();
  assertEquals(await bob.next(), { type: "typing", users: [] });
  assertEquals(await bob.next(), { type: "system", content: "Alice left the room" });
});

Deno.test("typing ends by itself after six seconds", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), alice = await server.join("Alice");
  await bob.until("users_list");
  await type(alice, bob);
  const began = Date.now();
  assertEquals(await bob.next(8_000), { type: "typing", users: [] });
  assertGreater(Date.now() - began, 5_500);
});

Deno.test("in a crowd, news about people comes at most once a second, and names a few", async () => {
  await using server = await serve();
  const watcher = await server.join("Watcher");
  const crowd: Client[] = [];
  let began = Date.now();
  for (let person = 1; person <= 150; person++) crowd.push(server.socket(`/ws/chat/1?username=p${person}`));
  for (const client of crowd) await client.until("users_list");
  const coming = await listsUntil(watcher, 151);
  assertLess(coming.filter(({ count }) => Number(count) > 101).length, 2 + (Date.now() - began) / 1_000);

  began = Date.now();
  for (const client of crowd.slice(0, 40)) client.close();
  assertMatch(String((await watcher.next()).content), /^p\d+, p\d+, p\d+ and \d+ others left the room$/);
  const going = await listsUntil(watcher, 111);
  assertLess(going.length, 2 + (Date.now() - began) / 1_000);
});

/** The lists that a client gets, up to the one with so many people. */
async function listsUntil(client: Client, count: number): Promise<Frame[]> {
  const lists: Frame[] = [];
  while (lists.at(-1)?.count !== count) lists.push(await client.until("users_list"));
  return lists;
}

/** Resolves once the server holds so many sockets. */
async function sockets(server: { chat: { hub: { connections: ReadonlySet<unknown> } } }, count: number): Promise<void> {
  const giveUp = Date.now() + 5_000;
  while (server.chat.hub.connections.size !== count) {
    if (Date.now() > giveUp) throw new Error(`The server still has ${server.chat.hub.connections.size} sockets`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function type(who: Client, watcher: Client): Promise<void> {
  await who.send({ type: "typing", is_typing: true });
  assertEquals((await watcher.until("typing")).users, ["Alice"]);
}
