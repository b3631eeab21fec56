import { assertEquals } from "@std/assert";
import type { Client, Frame } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

const NONCE = "only-for-alice";

/** A way to follow room 1, from the newest entry on or from another: a socket, and what it has received until it's live. */
interface Follower {
  readonly name: string;
  /** The type of the frames that have messages. */
  readonly type: string;
  open(server: TestServer, person: TestPerson, position?: Position): Promise<{ socket: Client; frames: Frame[] }>;
}

interface Position {
  readonly after: number;
  readonly epoch: string;
}

const FOLLOWERS: readonly Follower[] = [
  { name: "protocol 1", type: "message", open: (server, { token }, position) => room(server, { token, ...position }) },
  {
    name: "protocol 1 in batches",
    type: "message",
    open: (server, { token }, position) => room(server, { token, ...position, batch: true }),
  },
  {
    name: "protocol 5",
    type: "events",
    async open(server, { cookie }, position) {
      const socket = server.socket("/ws", { headers: cookie });
      await socket.send({ type: "subscribe", room: 1, ...position, nonce: "done" });
      return { socket, frames: await until(socket, "ok") };
    },
  },
];

async function room(server: TestServer, hello: Frame): Promise<{ socket: Client; frames: Frame[] }> {
  const socket = server.socket("/ws/chat/1");
  await socket.send(hello);
  return { socket, frames: await until(socket, "users_list") };
}

/** The frames up to one of a type. */
async function until(socket: Client, type: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  do frames.push(await socket.next()); while (frames.at(-1)?.type !== type);
  return frames;
}

/** How often a text has the nonce. */
function count(text: string): number {
  return text.split(NONCE).length - 1;
}

/** How often the nonce is in frames. */
function countIn(frames: readonly Frame[]): number {
  return count(JSON.stringify(frames));
}

async function pair(server: TestServer): Promise<{ alice: TestPerson; bob: TestPerson }> {
  const [alice, bob] = await Promise.all([server.person("Alice"), server.person("Bob")]);
  return { alice, bob };
}

async function post(server: TestServer, { headers }: TestPerson): Promise<number> {
  const json = { content: "Hello", nonce: NONCE };
  const response = await server.fetch("/api/chat/rooms/1/messages", { method: "POST", headers, json });
  return (await response.json()).id;
}

async function edit(server: TestServer, { headers }: TestPerson, id: number): Promise<void> {
  const json = { content: "Hi" };
  await (await server.fetch(`/api/chat/messages/${id}`, { method: "PATCH", headers, json })).body?.cancel();
}

Deno.test("a nonce comes to each socket of its author once, and to no other", async (t) => {
  for (const { name, type, open } of FOLLOWERS) {
    await t.step(name, async () => {
      await using server = await serve();
      const { alice, bob } = await pair(server);
      const followers = await Promise.all([alice, alice, bob].map((person) => open(server, person)));
      const id = await post(server, alice);
      const messages = await Promise.all(followers.map(({ socket }) => until(socket, type)));
      assertEquals(messages.map(countIn), [1, 1, 0]);
      await edit(server, alice, id);
      const edits = await Promise.all(
        followers.map(({ socket }) => until(socket, type === "events" ? type : "edited")),
      );
      assertEquals(edits.map(countIn), [0, 0, 0], "an edit has no nonce");
    });
  }
});

Deno.test("a socket that catches up gets the nonces of its own messages, and no other", async (t) => {
  await using server = await serve();
  const { alice, bob } = await pair(server), epoch = (await server.chat.log.head(1))!.epoch;
  await edit(server, alice, await post(server, alice));
  for (const { name, open } of FOLLOWERS) {
    await t.step(name, async () => {
      const counts: number[] = [];
      for (const person of [alice, bob, alice]) {
        counts.push(countIn((await open(server, person, { after: 0, epoch })).frames));
      }
      assertEquals(counts, [1, 0, 1]);
    });
  }
});

Deno.test("pages and REST have the nonces of their reader's messages, protocol 4 has none", async () => {
  await using server = await serve();
  const { alice, bob } = await pair(server), id = await post(server, alice);
  const ask = async (path: string, headers: Record<string, string>) =>
    count(await (await server.fetch(path, { headers })).text());
  const own = ["/rooms/1", `/rooms/1/messages/${id}`, "/api/chat/rooms/1/messages", `/api/chat/messages/${id}`];
  for (const path of own) {
    assertEquals([await ask(path, alice.cookie), await ask(path, bob.cookie), await ask(path, {})], [1, 0, 0], path);
  }
  assertEquals(await ask("/chat/messages/general", alice.headers), 0);
});
