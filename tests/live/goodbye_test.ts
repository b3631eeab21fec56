import { assertEquals } from "@std/assert";
import type { Client } from "@/tests/client.ts";
import { serve } from "@/tests/server.ts";

const NONSENSE = Array.from({ length: 30 }, () => "nonsense");

/** How a socket ended for its client, and the types of what it was told last. */
async function ending(client: Client): Promise<[number, unknown]> {
  const { code } = await client.closed;
  return [code, (await client.rest()).at(-1)?.type];
}

Deno.test("who goes on talking when sent away still learns why, in every protocol", async (t) => {
  await using server = await serve();
  const ann = await server.person("Ann"), bob = await server.person("Bob");
  const made = await server.fetch("/api/chats", {
    method: "POST",
    headers: ann.headers,
    json: { participants: [bob.id] },
  });
  const { id } = await made.json();
  const addresses: [string, number][] = [
    [`/ws/chat/1?token=${ann.token}`, 4400],
    [`/api/chats/ws/${id}/${ann.id}?token=${ann.token}`, 1008],
    [`/chat/ws/general?token=${ann.token}`, 1008],
    ["/ws", 4400],
  ];
  for (const [address, code] of addresses) {
    await t.step(address.split("?")[0]!.replaceAll(/[0-9a-f]{24}/g, "ann"), async () => {
      const client = server.socket(address);
      await client.next();
      await client.send(...NONSENSE);
      assertEquals(await ending(client), [code, "error"]);
    });
  }
  await t.step("a frame that is too long, and more after it", async () => {
    const client = server.socket("/ws/Ann?token=" + ann.token);
    await client.next();
    await client.send("x".repeat(70_000), ...NONSENSE);
    assertEquals(await ending(client), [1009, "error"]);
  });
  await t.step("a first frame that lets nobody in, and more after it", async () => {
    const client = server.socket("/ws/chat/99");
    await client.send({ username: "Carol" }, ...NONSENSE);
    assertEquals(await ending(client), [4404, "error"]);
  });
});

Deno.test("who never stops talking is sent away all the same", async () => {
  await using server = await serve();
  const client = server.socket("/ws");
  await client.next();
  const talking = setInterval(() => client.send("nonsense"), 5);
  await client.closed;
  clearInterval(talking);
});
