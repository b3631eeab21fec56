import { assertEquals } from "@std/assert";
import { serve, type TestServer } from "@/tests/server.ts";

async function answer(server: TestServer, path: string, headers: HeadersInit = {}) {
  const response = await server.fetch(path, { headers });
  assertEquals(response.headers.get("cache-control"), "no-store");
  return [response.status, (await response.json()).status];
}

Deno.test("a serving server is alive and ready, for everyone", async () => {
  await using server = await serve({ guests: "none" });
  const stale = { authorization: "Bearer of nobody" };
  for (const path of ["/health/live", "/health/live/"]) assertEquals(await answer(server, path), [200, "alive"]);
  for (const path of ["/health/ready", "/health/ready/"]) assertEquals(await answer(server, path), [200, "ready"]);
  assertEquals(await answer(server, "/health/ready", stale), [200, "ready"]);
});

Deno.test("a server without its store is alive but not ready", async () => {
  await using server = await serve();
  server.chat.store.isResponsive = () => Promise.resolve(false);
  assertEquals(await answer(server, "/health/live"), [200, "alive"]);
  assertEquals(await answer(server, "/health/ready"), [503, "waiting"]);
});

Deno.test("a server that's about to stop is alive but not ready", async () => {
  await using server = await serve();
  await server.chat.drain();
  assertEquals(await answer(server, "/health/live"), [200, "alive"]);
  assertEquals(await answer(server, "/health/ready"), [503, "stopping"]);
});
