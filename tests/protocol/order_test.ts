import { assertEquals } from "@std/assert";
import type { Client, Frame } from "@/tests/client.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const CONTENTS = Array.from({ length: 200 }, (_, n) => n % 3 === 0 ? `${n} @Bob` : `${n}`);

async function committed({ chat }: TestServer): Promise<string[]> {
  const contents: string[] = [];
  for await (const { content } of chat.log.posts(1)) contents.push(content);
  return contents;
}

async function sendAll(server: TestServer, socket: Client, frameOf: (content: string) => Frame): Promise<void> {
  await socket.send(...CONTENTS.map(frameOf));
  for (let posts = 0; posts < CONTENTS.length;) posts = (await server.chat.log.head(1))?.posts ?? 0;
}

Deno.test("messages of one socket are committed in the order in which they were sent, with mentions or without", async (t) => {
  await t.step("protocol 1", async () => {
    await using server = await serve();
    await server.person("Bob");
    await sendAll(server, await server.join("Alice"), (content) => ({ type: "message", content }));
    assertEquals(await committed(server), CONTENTS);
  });

  await t.step("protocol 5", async () => {
    await using server = await serve();
    await server.person("Bob");
    const { cookie } = await server.person("Alice"), socket = server.socket("/ws", { headers: cookie });
    await socket.send({ type: "subscribe", room: 1, nonce: "s" });
    await socket.until("ok");
    await sendAll(server, socket, (content) => ({ type: "post", room: 1, content, nonce: content }));
    assertEquals(await committed(server), CONTENTS);
  });
});
