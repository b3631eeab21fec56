import { assertEquals } from "@std/assert";
import { serve } from "@/tests/server.ts";

Deno.test("a person counts once wherever they are, and each of their sockets counts", async () => {
  await using server = await serve();
  const { hub: { online }, rooms } = server.chat, ann = await server.person("Ann");
  const actor = { person: ann, session: null, scopes: null, expiresAt: null, guard: null };
  const { id } = await rooms.create({ ...actor, person: { id: ann.id, name: ann.name, guest: false } }, {
    name: "other",
    description: "",
  });
  for (const room of [1, 1, id]) await server.socket(`/ws/chat/${room}?token=${ann.token}`).until("users_list");
  await server.join("Guest");
  assertEquals([online.total, online.count(1), online.count(id), online.count(99)], [2, 2, 1, 0]);
  assertEquals([online.sockets(1), online.sockets(id), online.sockets(99), online.connections], [3, 1, 0, 4]);
  assertEquals(online.people(1).map(({ name }) => name), ["Ann", "Guest"]);
});

Deno.test("someone with a socket is online without a room, and their status is that of their rooms", async () => {
  await using server = await serve();
  const { online } = server.chat.hub, { id, cookie } = await server.person("Ann");
  const page = server.socket("/ws", { headers: cookie });
  await page.until("hello");
  assertEquals([online.total, online.statuses().get(id)?.state], [0, "online"]);
  await page.send({ type: "subscribe", room: 1, nonce: "s" });
  await page.until("ok");
  await page.send({ type: "status", state: "away", text: "" });
  await page.until("presence", (frame) => JSON.stringify(frame).includes("away"));
  assertEquals([online.total, online.statuses().get(id)?.state], [1, "away"]);
});
