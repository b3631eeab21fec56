import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals } from "@std/assert";
import { serve } from "@/tests/server.ts";

Deno.test("the web app's socket says hello, and answers every request with its nonce", async () => {
  await using server = await serve();
  const { token } = server.chat.guests.issue("Ada");
  const ada = server.socket("/ws", { headers: { cookie: `hubbub_guest=${token}` } });
  const hello = await ada.next();
  assertEquals(hello.type, "hello");
  assert(JSON.stringify(hello.user).includes('"name":"Ada"'));
  assert(JSON.stringify(hello.rooms).includes('"name":"general"'));
  await ada.send({ type: "ping", nonce: "p" });
  assertEquals(await ada.next(), { type: "pong", nonce: "p" });
  await ada.send({ type: "unsubscribe", room: 7, nonce: "u" });
  assertEquals(await ada.next(), { type: "ok", nonce: "u" });
  await ada.send({ type: "subscribe", room: 99, nonce: "s" });
  const refused = await ada.next();
  assertEquals([refused.type, refused.nonce, refused.code], ["error", "s", "room_not_found"]);
});

Deno.test("what is said to a room right after subscribing waits until one is in it", async () => {
  await using server = await serve();
  const { token } = server.chat.guests.issue("Ada");
  const ada = server.socket("/ws", { headers: { cookie: `hubbub_guest=${token}` } });
  await ada.send(
    { type: "subscribe", room: 1, after: 0, nonce: "s" },
    { type: "post", room: 1, content: "one", nonce: "n1" },
    { type: "post", room: 1, content: "two", nonce: "n2" },
  );
  assertEquals((await ada.until("ok", ({ nonce }) => nonce === "n1")).seq, 1);
  assertEquals((await ada.until("ok", ({ nonce }) => nonce === "n2")).seq, 2);
});

Deno.test("entries come dense, in order, many in one frame, and the same again after a position", async () => {
  await using server = await serve();
  const { person, token } = server.chat.guests.issue("Ada");
  const room = (await server.chat.rooms.find(asGuest(person), "general")).room;
  await Promise.all(
    Array.from(
      { length: 30 },
      (_, index) => server.chat.messages.post(asGuest(person), room.id, { content: `${index}` }),
    ),
  );
  const ada = server.socket("/ws", { headers: { cookie: `hubbub_guest=${token}` } });
  const { epoch } = (await server.chat.log.head(1))!;
  await ada.send({ type: "subscribe", room: 1, after: 10, epoch, nonce: "s" });
  const events = await ada.until("events");
  assertEquals(events.from, 11);
  assert(Array.isArray(events.entries));
  assertEquals(events.entries.map(({ seq }) => seq), Array.from({ length: 20 }, (_, index) => index + 11));
  await ada.send({ type: "subscribe", room: 1, after: 10, epoch: "another", nonce: "r" });
  assertEquals((await ada.until("reset")).room, 1);
});

Deno.test("a page of another site gets no socket, and somebody without a name only looks", async () => {
  await using server = await serve();
  const foreign = server.socket("/ws", { headers: { origin: "https://elsewhere.example" } });
  const [opened] = await Promise.allSettled([foreign.opened()]);
  assertEquals(opened.status, "rejected");
  const nobody = server.socket("/ws");
  assertEquals((await nobody.next()).user, null);
  await nobody.send({ type: "subscribe", room: 1, nonce: "s" }, { type: "post", room: 1, content: "hi", nonce: "n" });
  const refused = await nobody.until("error");
  assertEquals([refused.nonce, refused.code], ["n", "sign_in"]);
});

Deno.test("rooms that come, change and go are told to everyone", async () => {
  await using server = await serve();
  const ada = server.socket("/ws");
  await ada.until("hello");
  const { person } = server.chat.guests.issue("Bea");
  const room = await server.chat.rooms.create(asGuest(person), { name: "new here", description: "" });
  assertEquals((await ada.next()).event, "created");
  await ada.send({ type: "subscribe", room: room.id, nonce: "s" });
  await ada.until("ok");
  await server.chat.rooms.update(asGuest(person), room.id, { name: "renamed" });
  assertEquals((await ada.until("rooms")).event, "changed");
  await server.chat.rooms.delete(asGuest(person), room.id);
  assertEquals((await ada.until("rooms")).event, "deleted");
  assertEquals((await ada.settled()).filter(({ type }) => type === "rooms"), []);
});

Deno.test("subscribing twice at once sends what was missed twice, one after the other, and then each entry once", async () => {
  await using server = await serve();
  const { person, token } = server.chat.guests.issue("Ada");
  const room = (await server.chat.rooms.find(asGuest(person), "general")).room;
  for (let index = 0; index < 5; index++) {
    await server.chat.messages.post(asGuest(person), room.id, { content: `${index}` });
  }
  const ada = server.socket("/ws", { headers: { cookie: `hubbub_guest=${token}` } });
  await ada.send(
    { type: "subscribe", room: 1, after: 0, nonce: "s1" },
    { type: "subscribe", room: 1, after: 0, nonce: "s2" },
    { type: "post", room: 1, content: "new", nonce: "n" },
  );
  const froms: unknown[] = [];
  while (true) {
    const frame = await ada.next();
    if (frame.type === "events") froms.push(frame.from);
    if (frame.type === "ok" && frame.nonce === "n") break;
  }
  for (const frame of await ada.settled()) if (frame.type === "events") froms.push(frame.from);
  assertEquals(froms, [1, 1, 6]);
});
