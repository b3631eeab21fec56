import { assertEquals } from "@std/assert";
import { serve, type TestServer } from "@/tests/server.ts";

async function answer(server: TestServer, path: string, headers: HeadersInit = {}) {
  const response = await server.fetch(path, { headers });
  assertEquals(response.headers.get("cache-control"), "no-store");
  return [response.status, (await response.json()).status];
}

Deno.test("a server that serves is alive and ready, whoever asks", async () => {
  await using server = await serve({ guests: "none" });
  const stale = { authorization: "Bearer of nobody" };
  for (const path of ["/health/live", "/health/live/"]) assertEquals(await answer(server, path), [200, "alive"]);
  for (const path of ["/health/ready", "/health/ready/"]) assertEquals(await answer(server, path), [200, "ready"]);
  assertEquals(await answer(server, "/health/ready", stale), [200, "ready"]);
});

Deno.test("while the store does not answer a server is alive, and nobody is sent to it", async () => {
  await using server = await serve();
  server.chat.store.isResponsive = () => Promise.resolve(false);
  assertEquals(await answer(server, "/health/live"), [200, "alive"]);
  assertEquals(await answer(server, "/health/ready"), [503, "waiting"]);
});

Deno.test("a server that is about to stop is alive, and nobody is sent to it any more", async () => {
  await using server = await serve();
  await server.chat.drain();
  assertEquals(await answer(server, "/health/live"), [200, "alive"]);
  assertEquals(await answer(server, "/health/ready"), [503, "stopping"]);
});
