import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { changed } from "@/lib/model/entry.ts";
import { isMine, messageId, type Post } from "@/lib/model/message.ts";
import { entry } from "@/lib/model/schema/entry.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

const ID = messageId(1, 1), PATH = `/api/chat/messages/${ID}`, THUMB = encodeURIComponent("👍");
const messageShape = z.object({
  reactions: z.array(z.strictObject({
    emoji: z.string(),
    count: z.int(),
    users: z.array(z.string()),
    mine: z.boolean(),
  })),
});

type Reader = Pick<TestPerson, "headers"> | undefined;

/** A server whose room 1 has one message. */
async function withMessage(): Promise<TestServer> {
  const server = await serve();
  const { status } = await server.fetch("/api/chat/rooms/1/messages", {
    method: "POST",
    json: { content: "Tea?", username: "Alice", nonce: "n-1" },
  });
  assertEquals(status, 201);
  return server;
}

async function react(server: TestServer, reader: Reader, method: "PUT" | "DELETE" = "PUT") {
  const response = await server.fetch(`${PATH}/reactions/${THUMB}`, { method, headers: reader?.headers });
  return messageShape.parse(await response.json()).reactions;
}

/** What a reader's answers say of the one reaction: the message, history, and the page. */
async function mine(server: TestServer, reader: Reader): Promise<boolean[]> {
  const one = await server.fetch(PATH, { headers: reader?.headers });
  const list = await server.fetch("/api/chat/rooms/1/messages", { headers: reader?.headers });
  const messages = [messageShape.parse(await one.json()), ...z.array(messageShape).parse(await list.json())];
  return messages.flatMap(({ reactions }) => reactions.map((reaction) => reaction.mine));
}

/** Whether the chip of the one reaction is pressed on a person's page. */
async function pressed(server: TestServer, { cookie }: TestPerson): Promise<string | undefined> {
  const page = await (await server.fetch("/rooms/1", { headers: cookie })).text();
  return /aria-pressed="(\w+)"[^>]*aria-label="[^"]*👍|👍[^>]*aria-pressed="(\w+)"/.exec(page)?.slice(1).join("");
}

Deno.test("the 25th person who reacts sees that they did, and one who didn't sees that too", async () => {
  await using server = await withMessage();
  const people = await Promise.all(Array.from({ length: 25 }, (_, index) => server.person(`P${index}`)));
  for (const person of people) await react(server, person);
  const last = people.at(-1)!, other = await server.person("Other");
  assertEquals(await mine(server, last), [true, true]);
  assertEquals(await mine(server, people[0]), [true, true]);
  assertEquals(await mine(server, other), [false, false]);
  assertEquals(await mine(server, undefined), [false, false]);
  assertEquals([await pressed(server, last), await pressed(server, other)], ["true", "false"]);
  assertEquals((await react(server, last, "DELETE")).map(({ count, mine }) => [count, mine]), [[24, false]]);
  assertEquals(await mine(server, last), [false, false]);
});

Deno.test("of two guests with one name, a reaction belongs to the one who reacted", async () => {
  await using server = await withMessage();
  const [one, other] = await Promise.all([1, 2].map(async () => {
    const socket = server.socket("/ws/chat/1");
    await socket.send({ username: "Sam" });
    const { guest_token } = await socket.until("connected");
    assert(typeof guest_token === "string");
    return { headers: { authorization: `Bearer ${guest_token}` } };
  }));
  await react(server, one);
  assertEquals([await mine(server, one), await mine(server, other)], [[true, true], [false, false]]);
  const [both] = await react(server, other);
  assertEquals(both, { emoji: "👍", count: 2, users: ["Sam", "Sam"], mine: true });
  await react(server, one, "DELETE");
  assertEquals([await mine(server, one), await mine(server, other)], [[false, false], [true, true]]);
});

Deno.test("a client that resumes at a message with 25 reactions sees its own, and follows from there", async () => {
  await using server = await withMessage();
  const people = await Promise.all(Array.from({ length: 25 }, (_, index) => server.person(`P${index}`)));
  for (const person of people) await react(server, person);
  const last = people.at(-1)!, other = await server.person("Other"), { epoch } = (await server.chat.log.head(1))!;
  for (const [{ id, cookie }, expected] of [[last, true], [people[0]!, true], [other, false]] as const) {
    const socket = server.socket("/ws", { headers: cookie });
    await socket.send({ type: "subscribe", room: 1, after: 0, epoch, nonce: "s" });
    const { entries } = await socket.until("events");
    const [first, ...rest] = z.array(entry).parse(entries);
    assert(first?.type === "post");
    assertEquals(first.reactions.map((reaction) => isMine(reaction, id)), [expected]);
    const now = rest.reduce<Post>((post, entry) => changed(post, entry, id) ?? post, first);
    assertEquals(now.reactions.map(({ count, mine }) => [count, mine ?? false]), [[25, expected]]);
  }
});
