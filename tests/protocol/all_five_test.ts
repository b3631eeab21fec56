import { assert } from "@std/assert";
import { z } from "zod";
import { messageId } from "@/lib/model/message.ts";
import type { Client, Frame } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

const NAMES = ["Ann", "Bob", "Cat", "Dan", "Eve"];

/** How one protocol comes into a room, speaks there, and tells what happens. */
interface Dialect {
  open(server: TestServer, room: number, person: TestPerson): Promise<Client>;
  say(content: string, room: number): Frame;
  message(room: number, seq: number, by: TestPerson, content: string): Frame;
  came(person: TestPerson, here: readonly TestPerson[]): Frame;
  left(person: TestPerson, here: readonly TestPerson[]): Frame;
}

const rooms: Dialect = {
  async open(server, room, { token }) {
    const client = server.socket(`/ws/chat/${room}?token=${token}`);
    await client.until("users_list");
    return client;
  },
  say: (content) => ({ type: "message", content }),
  message: (room, seq, { id, name }, content) => ({
    type: "message",
    id: messageId(room, seq),
    room_id: room,
    seq,
    user_id: id,
    username: name,
    content,
  }),
  came: ({ name }) => ({ type: "system", content: `${name} joined the room` }),
  left: ({ name }) => ({ type: "system", content: `${name} left the room` }),
};

const lobby: Dialect = {
  async open(server, room, { name, token }) {
    const client = server.socket(`/ws/${name}?room=${room}&token=${token}`);
    await client.until("user_joined");
    return client;
  },
  say: (message) => ({ message }),
  message: (_room, _seq, { name }, message) => ({ type: "chat_message", user_name: name, message }),
  came: ({ name }) => ({ type: "user_joined", user_name: name, message: `${name} joined the chat` }),
  left: ({ name }) => ({ type: "user_left", user_name: name, message: `${name} left the chat` }),
};

const chats: Dialect = {
  async open(server, room, { id, token }) {
    const client = server.socket(`/api/chats/ws/${room}/${id}?token=${token}`);
    await client.until("user_joined");
    return client;
  },
  say: (content) => ({ content }),
  message: (room, seq, { id, name }, content) => ({
    type: "message",
    id: messageId(room, seq),
    chat_id: room,
    user_id: id,
    sender_id: id,
    username: name,
    content,
  }),
  came: ({ id, name }, here) => ({ type: "user_joined", user_id: id, username: name, active_users: ids(here) }),
  left: ({ id, name }, here) => ({ type: "user_left", user_id: id, username: name, active_users: ids(here) }),
};

const bearer: Dialect = {
  async open(server, room, { token }) {
    const client = server.socket(`/chat/ws/${room}?token=${token}`);
    await client.until("user_joined");
    return client;
  },
  say: (content) => ({ content }),
  message: (room, seq, { id, name }, content) => ({
    type: "message",
    _id: messageId(room, seq).toString(16).padStart(24, "0"),
    user_id: id,
    username: name,
    content,
    room: "All five",
  }),
  came: ({ id, name }) => ({
    type: "user_joined",
    user_id: id,
    username: name,
    content: `${name} joined the chat`,
    room: "All five",
  }),
  left: ({ id, name }) => ({
    type: "user_left",
    user_id: id,
    username: name,
    content: `${name} left the chat`,
    room: "All five",
  }),
};

const app: Dialect = {
  async open(server, room, { cookie }) {
    const client = server.socket("/ws", { headers: cookie });
    await client.send({ type: "subscribe", room, nonce: "s" });
    await client.until("ok", ({ nonce }) => nonce === "s");
    return client;
  },
  say: (content, room) => ({ type: "post", room, content }),
  message: (room, seq, by, content) => ({
    type: "events",
    room,
    from: seq,
    entries: [{
      type: "post",
      seq,
      by: person(by),
      content,
      editedAt: null,
      replyTo: null,
      pinned: false,
      reactions: [],
    }],
  }),
  came: (_person, here) => ({ type: "presence", users: here.map(person) }),
  left: (_person, here) => ({ type: "presence", users: here.map(person) }),
};

/** Each is spoken by the one of {@link NAMES} at its place. */
const DIALECTS = [rooms, lobby, chats, bearer, app];

function ids(people: readonly TestPerson[]): string[] {
  return people.map(({ id }) => id);
}

function person({ id, name }: TestPerson): Frame {
  return { id, name, guest: false };
}

/** Whether a frame says at least what is expected, at any depth. */
function says(frame: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return Array.isArray(frame) && frame.length === expected.length &&
      expected.every((item, at) => says(frame[at], item));
  }
  if (typeof expected !== "object" || expected === null) return frame === expected;
  const fields = z.record(z.string(), z.unknown()).safeParse(frame);
  return fields.success && Object.entries(expected).every(([key, value]) => says(fields.data[key], value));
}

/** The next frame of its type has to say what is expected, so that nothing comes twice, too late or out of order. */
async function hears(client: Client, expected: Frame): Promise<void> {
  const frame = await client.until(String(expected.type));
  assert(says(frame, expected), `${JSON.stringify(frame)} instead of ${JSON.stringify(expected)}`);
}

/** A group of five, by its id. */
async function group(server: TestServer, [{ headers }, ...others]: [TestPerson, ...TestPerson[]]): Promise<number> {
  const json = { participants: ids(others), name: "All five" };
  const made = await server.fetch("/api/chats", { method: "POST", headers, json });
  return z.object({ id: z.number() }).parse(await made.json()).id;
}

Deno.test("all five protocols meet in one room: each sees in its own form who comes, what is said and who goes", async (t) => {
  await using server = await serve();
  const ann = await server.person("Ann", { id: "1".repeat(24) });
  const others: TestPerson[] = [];
  for (const [place, name] of NAMES.slice(1).entries()) {
    others.push(await server.person(name, { id: `${place + 2}`.repeat(24) }));
  }
  const everybody = [ann, ...others].map((person, place) => ({ person, dialect: DIALECTS[place]! }));
  for (const [order, coming] of [["first to last", everybody], ["last to first", everybody.toReversed()]] as const) {
    await t.step(order, async () => {
      const room = await group(server, [ann, ...others]);
      const present: { person: TestPerson; dialect: Dialect; client: Client }[] = [];
      const here = () => [ann, ...others].filter((one) => present.some(({ person }) => person === one));
      for (const { person, dialect } of coming) {
        const before = [...present];
        present.push({ person, dialect, client: await dialect.open(server, room, person) });
        for (const { dialect, client } of before) await hears(client, dialect.came(person, here()));
      }
      for (const [place, { person, dialect, client }] of present.entries()) {
        const words = `${person.name} says <hello> 👋`;
        await client.send(dialect.say(words, room));
        for (const { dialect, client } of present) await hears(client, dialect.message(room, place + 1, person, words));
      }
      for (let leaving; (leaving = present.shift());) {
        leaving.client.close();
        for (const { dialect, client } of present) await hears(client, dialect.left(leaving.person, here()));
      }
    });
  }
});
