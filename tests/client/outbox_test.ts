import { assertEquals } from "@std/assert";
import { RequestError } from "@/lib/client/connection.ts";
import { Outbox } from "@/lib/client/outbox.ts";
import type { Outgoing } from "@/lib/client/storage.ts";
import { MemoryStorage, person, post, settle } from "./sample.ts";

const maya = person("Maya").id;

/** A server that answers on command. */
class Server {
  readonly got: Outgoing[] = [];
  readonly #answers: { resolve: (ok: { seq?: number }) => void; reject: (error: Error) => void }[] = [];

  #sent = Promise.withResolvers<void>();

  readonly send = (item: Outgoing) => {
    this.got.push(item);
    this.#sent.resolve();
    this.#sent = Promise.withResolvers();
    const { promise, resolve, reject } = Promise.withResolvers<{ seq?: number }>();
    this.#answers.push({ resolve, reject });
    return promise;
  };

  async acknowledge(seq: number): Promise<void> {
    this.#answers.shift()?.resolve({ seq });
    await settle();
  }

  async refuse(code: string): Promise<void> {
    this.#answers.shift()?.reject(new RequestError(code, `Refused: ${code}`));
    await settle();
  }

  /** Waits for the next message, and what is sent in the same turn. */
  async next(): Promise<void> {
    await this.#sent.promise;
  }

  get said(): string[] {
    return this.got.map(({ content }) => content);
  }
}

function begin(storage = new MemoryStorage()) {
  const server = new Server(), outbox = new Outbox(storage, server.send);
  const states = () => outbox.items.value.map(({ content, state }) => `${content} ${state}`);
  return { server, outbox, storage, states };
}

Deno.test("without a connection messages wait; with one they go out once, in order", async () => {
  const { server, outbox, states } = begin();
  for (const content of ["a", "b", "c"]) outbox.add(1, maya, content);
  assertEquals(states(), ["a waiting", "b waiting", "c waiting"]);
  outbox.open(maya);
  assertEquals(server.said, ["a"]);
  await server.acknowledge(1);
  await server.acknowledge(2);
  await server.acknowledge(3);
  assertEquals(server.said, ["a", "b", "c"]);
});

Deno.test("an acknowledged message stays until its entry has come", async () => {
  const { server, outbox, states } = begin();
  outbox.open(maya);
  const { nonce } = outbox.add(1, maya, "a");
  await server.acknowledge(7);
  assertEquals(states(), ["a sent"]);
  outbox.arrived(1, [post(7, { content: "a", nonce })], 7);
  assertEquals(states(), []);
});

Deno.test("an acknowledged message goes once the log has reached it", async () => {
  const { server, outbox, states } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  await server.acknowledge(7);
  outbox.arrived(1, [], 7);
  assertEquals(states(), []);
});

Deno.test("an entry that comes before its acknowledgement is not shown twice", async () => {
  const { server, outbox, states, storage } = begin();
  outbox.open(maya);
  const { nonce } = outbox.add(1, maya, "a");
  outbox.arrived(1, [post(7, { content: "a", nonce })], 7);
  assertEquals([states(), storage.getItem("hubbub.outbox")], [[], null]);
  await server.acknowledge(7);
  assertEquals(states(), []);
});

Deno.test("the same text sent twice is two messages, each removed by its own entry", async () => {
  const { server, outbox, states } = begin();
  outbox.open(maya);
  const [first, second] = [outbox.add(1, maya, "same"), outbox.add(1, maya, "same")];
  outbox.arrived(1, [post(7, { content: "same", nonce: first.nonce })], 7);
  assertEquals(outbox.items.value.map(({ nonce }) => nonce), [second.nonce]);
  await server.acknowledge(7);
  assertEquals([server.said, states()], [["same", "same"], ["same sending"]]);
  outbox.arrived(1, [post(8, { content: "same", nonce: second.nonce })], 8);
  assertEquals(states(), []);
});

Deno.test("another person's message isn't taken for one's own: not by name, not by text, not by nonce", () => {
  const { outbox, states } = begin();
  outbox.open(maya);
  const { nonce } = outbox.add(1, maya, "hello");
  const namesake = { ...person("Maya"), id: "f".repeat(24) };
  outbox.arrived(1, [post(7, { content: "hello" }), post(8, { content: "hello", by: namesake, nonce })], 8);
  assertEquals(states(), ["hello sending"]);
});

Deno.test("two tabs that share a message show it once", async () => {
  const here = begin();
  const { nonce } = here.outbox.add(1, maya, "a");
  const there = begin(here.storage);
  there.outbox.restore();
  assertEquals(there.states(), ["a waiting"]);
  here.outbox.open(maya);
  there.outbox.arrived(1, [post(7, { content: "a", nonce })], 7);
  here.outbox.arrived(1, [post(7, { content: "a", nonce })], 7);
  await here.server.acknowledge(7);
  there.outbox.open(maya);
  assertEquals([here.states(), there.states(), there.server.said], [[], [], []]);
});

Deno.test("a lost connection makes a message wait, and it goes out again with the same nonce", async () => {
  const { server, outbox, states } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  await server.refuse("disconnected");
  assertEquals(states(), ["a waiting"]);
  outbox.open(maya);
  assertEquals(server.said, ["a", "a"]);
  assertEquals(server.got[0]?.nonce, server.got[1]?.nonce);
});

Deno.test("waiting messages survive closing the tab", async () => {
  const first = begin();
  first.outbox.add(1, maya, "a");
  first.outbox.add(1, maya, "b");
  const { server, outbox, states, storage } = begin(first.storage);
  outbox.restore();
  assertEquals(states(), ["a waiting", "b waiting"]);
  outbox.open(maya);
  await server.acknowledge(1);
  await server.acknowledge(2);
  assertEquals(server.got.map(({ nonce }) => nonce), first.outbox.items.value.map(({ nonce }) => nonce));
  assertEquals(storage.getItem("hubbub.outbox"), null);
});

Deno.test("a message that another tab has sent isn't sent again", async () => {
  const storage = new MemoryStorage();
  const here = begin(storage);
  here.outbox.add(1, maya, "a");
  const there = begin(storage);
  there.outbox.open(maya);
  await there.server.acknowledge(1);
  here.outbox.open(maya);
  assertEquals(here.server.said, []);
  assertEquals(here.states(), []);
});

Deno.test("a message is sent as its author only", () => {
  const { server, outbox } = begin();
  outbox.add(1, maya, "a");
  outbox.open(person("Jonas").id);
  assertEquals(server.said, []);
});

Deno.test("a refused message says why, doesn't hold up others, and can be retried or discarded", async () => {
  const { server, outbox, states, storage } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  outbox.add(1, maya, "b");
  await server.refuse("room_archived");
  await server.acknowledge(1);
  assertEquals(states(), ["a failed", "b sent"]);
  const [failed] = outbox.items.value;
  assertEquals(failed?.problem, "Refused: room_archived");
  outbox.retry(failed?.nonce ?? "");
  assertEquals(server.said, ["a", "b", "a"]);
  await server.refuse("room_archived");
  outbox.discard(failed?.nonce ?? "");
  assertEquals(states(), ["b sent"]);
  assertEquals(storage.getItem("hubbub.outbox"), null);
});

Deno.test("after a temporary refusal the message waits, in order", async () => {
  const { server, outbox, states } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  outbox.add(1, maya, "b");
  await server.refuse("rate_limited");
  assertEquals(states(), ["a waiting", "b waiting"]);
  assertEquals(server.said, ["a"]);
  outbox.close();
});

Deno.test("temporary refusals in two rooms at once are retried in both", async () => {
  const { server, outbox } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  outbox.add(2, maya, "b");
  await server.refuse("store_unavailable");
  await server.refuse("store_unavailable");
  await server.next();
  assertEquals(server.said, ["a", "b", "a", "b"]);
});

Deno.test("rooms do not wait for each other", () => {
  const { server, outbox } = begin();
  outbox.open(maya);
  outbox.add(1, maya, "a");
  outbox.add(2, maya, "b");
  assertEquals(server.said, ["a", "b"]);
});

Deno.test("a message is sent even if the storage is full", () => {
  const { server, outbox, storage } = begin();
  storage.full = true;
  outbox.add(1, maya, "a");
  outbox.open(maya);
  assertEquals(server.said, ["a"]);
});

Deno.test("unknown data in the storage is ignored", () => {
  const storage = new MemoryStorage();
  storage.setItem("hubbub.outbox", '[{"nonce":1},null,"x"]');
  const { outbox } = begin(storage);
  outbox.restore();
  assertEquals(outbox.items.value, []);
  storage.setItem("hubbub.outbox", "{not json");
  outbox.restore();
  assertEquals(outbox.items.value, []);
});
