import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import type { Frame } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

/** Somebody's socket of protocol 5, past `hello`. */
async function open(server: TestServer, who: TestPerson) {
  const socket = server.socket("/ws", { headers: who.cookie });
  return { socket, hello: await socket.until("hello") };
}

/** What the room of a `rooms` frame is called. */
function name({ room }: Frame): string {
  return z.object({ name: z.string() }).parse(room).name;
}

async function ask(server: TestServer, who: TestPerson, method: string, path: string, json?: unknown) {
  const response = await server.fetch(`/api/chat${path}`, { method, json, headers: who.headers });
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

Deno.test("hello tells what waits in each room, and every later change is told", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  await ask(server, mia, "PUT", "/rooms/1/read", { seq: 0 });
  await ask(server, sam, "POST", "/rooms/1/messages", { content: "one" });
  const { socket, hello: { rooms } } = await open(server, mia);
  assert(Array.isArray(rooms));
  assertEquals([rooms[0].unread, rooms[0].mentions], [1, 0]);
  await ask(server, sam, "POST", "/rooms/1/messages", { content: "two, @Mia" });
  let told = await socket.until("unread");
  while (told.mentions !== 1 || told.count !== 2) told = await socket.until("unread");
  await socket.send({ type: "subscribe", room: 1, nonce: "s" }, { type: "read", room: 1, seq: 2, nonce: "r" });
  while (told.count !== 0) told = await socket.until("unread");
  assertEquals([told.room, told.mentions], [1, 0]);
});

Deno.test("a mark that one browser sets is seen in the other", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  await ask(server, mia, "PUT", "/rooms/1/read", { seq: 0 });
  await ask(server, sam, "POST", "/rooms/1/messages", { content: "one" });
  const laptop = await open(server, mia), phone = await open(server, mia);
  assertEquals((await laptop.socket.until("unread")).count, 1);
  await phone.socket.send({ type: "subscribe", room: 1 }, { type: "read", room: 1, seq: 1 });
  assertEquals((await laptop.socket.until("unread")).count, 0);
});

Deno.test("a room that somebody is brought into comes to them, and goes when they are put out", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  const { socket } = await open(server, mia);
  const { id } = await ask(server, sam, "POST", "/rooms", { name: "ours", kind: "private", members: [mia.id] });
  const came = await socket.until("rooms");
  assertEquals([came.event, name(came)], ["created", "ours"]);
  await ask(server, sam, "PATCH", `/rooms/${id}`, { name: "still ours" });
  const changed = await socket.until("rooms");
  assertEquals([changed.event, name(changed)], ["changed", "still ours"]);
  await socket.send({ type: "subscribe", room: id, nonce: "s" });
  await socket.until("ok");
  await ask(server, sam, "DELETE", `/rooms/${id}/members/${mia.id}`);
  assertEquals((await socket.until("rooms")).event, "deleted");
  await socket.send({ type: "post", room: id, content: "still here?", nonce: "p" });
  const refused = await socket.until("error");
  assertEquals(refused.code, "room_not_found");
});

Deno.test("a private room comes to nobody else", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  const { socket } = await open(server, mia);
  const { id } = await ask(server, sam, "POST", "/rooms", { name: "mine", kind: "private" });
  await ask(server, sam, "PATCH", `/rooms/${id}`, { name: "mine alone" });
  await ask(server, sam, "DELETE", `/rooms/${id}`);
  await ask(server, sam, "POST", "/rooms", { name: "everybody's" });
  const came = await socket.until("rooms");
  assertEquals(name(came), "everybody's");
});

Deno.test("what somebody says of themselves is told in the rooms where they are", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  const one = await open(server, mia), other = await open(server, sam);
  await one.socket.send({ type: "subscribe", room: 1, nonce: "s" });
  await one.socket.until("ok");
  await other.socket.send({ type: "subscribe", room: 1 });
  await one.socket.send({ type: "status", state: "away", text: "lunch", nonce: "a" });
  let frame = await other.socket.until("presence");
  const statusOf = (who: string) =>
    z.array(z.object({ name: z.string(), status: z.unknown().optional() })).parse(frame.users).find((user) =>
      user.name === who
    )
      ?.status;
  while (!statusOf("Mia")) frame = await other.socket.until("presence");
  assertEquals(statusOf("Mia"), { state: "away", text: "lunch" });
});

Deno.test("when a session ends, its sockets end, and those of other sessions stay", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  const { secret, session } = await server.chat.sessions.open({ id: mia.id, generation: 0 }, "phone");
  const laptop = await open(server, mia),
    phone = server.socket("/ws", { headers: { cookie: `hubbub_session=${secret}` } });
  await phone.until("hello");
  await ask(server, mia, "DELETE", `/me/sessions/${session.id}`);
  assertEquals((await phone.closed).code, 4401);
  await laptop.socket.send({ type: "ping", nonce: "p" });
  assertEquals((await laptop.socket.until("pong")).nonce, "p");
});
