import { assertEquals, assertStringIncludes } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { asGuest } from "@/lib/chat/policy.ts";
import { keys } from "@/lib/store/keys.ts";
import { bob } from "@/tests/people.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

const MANY = 2_000;

async function waits(server: TestServer, { headers }: TestPerson): Promise<{ unread: number; mentions: number }> {
  const rooms: { unread: number; mentions: number }[] = await (await server.fetch("/api/chat/me/unread", { headers }))
    .json();
  const { unread, mentions } = rooms.at(-1)!;
  return { unread, mentions };
}

function read(server: TestServer, { headers }: TestPerson, room: number, seq: number): Promise<Response> {
  return server.fetch(`/api/chat/rooms/${room}/read`, { method: "PUT", json: { seq }, headers });
}

Deno.test("an account with thousands of mentions in a room reads it, marks it read and sees 99+", async () => {
  await using server = await serve();
  const mia = await server.person("Mia"), { messages, rooms, store } = server.chat;
  const room = await rooms.create(asGuest(bob), { name: "tea", description: "" }), { id } = room;
  const page = (path: string) => server.fetch(path, { headers: mia.cookie });
  await read(server, mia, id, 0);
  const say = (index: number) => messages.post(asGuest(bob), room.id, { content: `${index}, @mia` });
  await Promise.all(Array.from({ length: MANY }, (_, index) => say(index)));
  assertEquals(await waits(server, mia), { unread: MANY, mentions: 100 });
  assertEquals(
    (await store.get(keys.mentions(mia.id, id))).value,
    Array.from({ length: 100 }, (_, index) => MANY - 99 + index),
  );
  const elsewhere = await page("/rooms/1");
  assertEquals(elsewhere.status, 200);
  assertStringIncludes(await elsewhere.text(), "99+");
  assertEquals((await page(`/rooms/${id}`)).status, 200);
  assertEquals((await read(server, mia, id, 1)).status, 204);
  assertEquals((await waits(server, mia)).mentions, 100);
  assertEquals((await read(server, mia, id, MANY)).status, 204);
  assertEquals(await waits(server, mia), { unread: 0, mentions: 0 });
});

Deno.test("mentions are unread again after a mark that goes back, and go with their message", async () => {
  await using server = await serve();
  const mia = await server.person("Mia"), { messages } = server.chat, actor = asGuest(bob);
  for (const content of ["one, @mia", "two", "three, @mia"]) await messages.post(actor, 1, { content });
  await read(server, mia, 1, 3);
  assertEquals(await waits(server, mia), { unread: 0, mentions: 0 });
  await read(server, mia, 1, 1);
  assertEquals(await waits(server, mia), { unread: 2, mentions: 1 });
  await messages.delete(actor, messageId(1, 3));
  assertEquals((await waits(server, mia)).mentions, 0);
  assertEquals((await server.chat.store.get(keys.mentions(mia.id, 1))).value, [1]);
  await messages.delete(actor, messageId(1, 1));
  assertEquals((await server.chat.store.get(keys.mentions(mia.id, 1))).value, null);
});
