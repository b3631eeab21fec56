import { assertEquals } from "@std/assert";
import type { Client } from "@/tests/client.ts";
import { serve, type TestServer } from "@/tests/server.ts";

async function open(server: TestServer): Promise<Client> {
  const { cookie } = await server.person("Ann"), socket = server.socket("/ws", { headers: cookie });
  await socket.until("hello");
  return socket;
}

/** The acknowledgements and refusals of so many commands: the nonce, and the code of a refusal. */
async function answers(socket: Client, count: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) {
    const { type, nonce, code } = await socket.next();
    if (type === "ok" || type === "error") found.push(type === "ok" ? `${nonce}` : `${nonce} ${code}`);
  }
  return found;
}

Deno.test("what a client sends to a room waits for its subscription, in order", async () => {
  await using server = await serve();
  const socket = await open(server);
  await socket.send(
    { type: "subscribe", room: 1, nonce: "1" },
    { type: "typing", room: 1, on: true, nonce: "2" },
    { type: "subscribe", room: 1, nonce: "3" },
    { type: "typing", room: 1, on: false, nonce: "4" },
  );
  assertEquals(await answers(socket, 4), ["1", "2", "3", "4"]);
});

Deno.test("a command to a room without a subscription, or with one that is refused, is refused", async () => {
  await using server = await serve();
  const socket = await open(server);
  await socket.send({ type: "post", room: 1, content: "Hi", nonce: "1" });
  assertEquals(await answers(socket, 1), ["1 room_not_found"]);
  await socket.send({ type: "subscribe", room: 99, nonce: "2" }, { type: "post", room: 99, content: "Hi", nonce: "3" });
  assertEquals(await answers(socket, 2), ["2 room_not_found", "3 room_not_found"]);
  await socket.send({ type: "subscribe", room: 1, nonce: "4" }, { type: "post", room: 1, content: "Hi", nonce: "5" });
  assertEquals(await answers(socket, 2), ["4", "5"]);
});
