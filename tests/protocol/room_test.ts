import { assertEquals } from "@std/assert";
import { serve } from "@/tests/server.ts";

Deno.test("two people talk in a room", async () => {
  await using server = await serve();
  const alice = server.socket("/ws/chat/1"), bob = server.socket("/ws/chat/general");
  await alice.send({ username: "Alice" });
  const connected = await alice.next();
  assertEquals([connected.type, connected.username, connected.room_id], ["connected", "Alice", 1]);
  assertEquals(await alice.next(), { type: "users_list", users: ["Alice"], count: 1 });
  await bob.send({ username: "Bob" });
  assertEquals((await bob.next()).type, "connected");
  assertEquals(await bob.next(), { type: "users_list", users: ["Alice", "Bob"], count: 2 });
  assertEquals(await alice.next(), { type: "system", content: "Bob joined the room" });
  assertEquals(await alice.next(), { type: "users_list", users: ["Alice", "Bob"], count: 2 });
  await alice.send({ type: "message", content: "Hello!", nonce: "n1" });
  const [own, others] = [await alice.next(), await bob.next()];
  assertEquals(own.nonce, "n1");
  assertEquals(own, { ...others, nonce: "n1" });
  assertEquals([others.type, others.username, others.content, others.seq], ["message", "Alice", "Hello!", 1]);
});
