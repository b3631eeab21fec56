import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { serve } from "@/tests/server.ts";
import { asAccount } from "@/tests/people.ts";

Deno.test("/stats counts rooms, messages and people online", async () => {
  await using server = await serve();
  const password = "a very long walk";
  const registered = await server.fetch("/users/", { method: "POST", json: { username: "Carol", password } });
  const { id } = await registered.json();
  const { headers } = await server.person("Dave");
  for (const json of [{ name: "tea" }, { name: "secret", kind: "private" }]) {
    await (await server.fetch("/api/chat/rooms", { method: "POST", headers, json })).body?.cancel();
  }
  const alice = await server.join("Alice", "tea"), second = await server.join("Alice");
  const bob = await server.join("Bob", "tea");
  await bob.send({ type: "message", content: "one" }, { type: "message", content: "two" });
  await bob.until("message", ({ content }) => content === "two");
  const stats = await server.fetch("/stats");
  assertEquals([stats.status, await stats.json()], [200, {
    rooms: 2,
    messages: 2,
    accounts: 1,
    online_users: 2,
    connections: 3,
    messages_last_hour: 2,
    busiest_rooms: [
      { id: 2, name: "tea", messages: 2, online_users: 2 },
      { id: 1, name: "general", messages: 0, online_users: 1 },
    ],
  }]);
  for (const client of [alice, second]) {
    client.close();
    await client.closed;
  }
  await bob.until("users_list", ({ count }) => count === 1);
  await server.chat.accounts.delete(asAccount({ id, name: "Carol" }));
  const { online_users, connections, accounts } = await (await server.fetch("/stats/")).json();
  assertEquals([online_users, connections, accounts], [1, 1, 0]);
});

Deno.test("/room/{room_id}/stats is about one room", async (t) => {
  await using server = await serve();
  const carol = await server.person("Carol"), bob = await server.join("Bob");
  const lurker = server.socket("/ws/chat/1?username=Alice"), twin = server.socket("/ws/chat/1?username=Alice");
  for (const client of [lurker, twin]) await client.until("users_list");
  const stats = async (path: string) => await (await server.fetch(path, { headers: carol.headers })).json();
  const empty = {
    id: 1,
    name: "general",
    messages: 0,
    online_users: 2,
    users: ["Alice", "Bob"],
    connections: 3,
    messages_last_hour: 0,
    last_message_at: null,
  };
  const { created_at, ...before } = await stats("/room/1/stats");
  assertEquals(before, empty);
  assertGreater(Date.parse(created_at), Date.now() - 60_000);
  await bob.send({ type: "message", content: "Hello" });
  const { timestamp } = await bob.until("message");
  const after = { ...empty, created_at, messages: 1, messages_last_hour: 1, last_message_at: timestamp };
  for (const path of ["/room/1/stats", "/room/1/stats/", "/room/general/stats"]) assertEquals(await stats(path), after);
  await t.step("an unknown or private room is 404", async () => {
    const json = { name: "secret", kind: "private" };
    const made = await server.fetch("/api/chat/rooms", { method: "POST", headers: carol.headers, json });
    const { id } = await made.json();
    for (const room of [id, 99, 0, "nowhere", "secret"]) {
      const response = await server.fetch(`/room/${room}/stats`);
      assertEquals([response.status, response.headers.get("content-type")], [404, "application/problem+json"]);
      assertEquals((await response.json()).code, "room_not_found");
    }
    assertEquals((await stats(`/room/${id}/stats`)).name, "secret");
  });
});

Deno.test("figures are of all instances together", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using one = await serve({ store: `${folder}/store.sqlite` });
    await using other = await serve({ store: `${folder}/store.sqlite` });
    await (await one.fetch("/api/chat/rooms", { method: "POST", json: { name: "tea" } })).body?.cancel();
    const alice = await one.join("Alice");
    await other.join("Carol", "tea");
    await other.join("Bob");
    await alice.until("users_list", ({ count }) => count === 2);
    const { online_users, connections } = await (await one.fetch("/stats")).json();
    assertEquals([online_users, connections], [3, 3]);
    const general = await (await one.fetch("/room/general/stats")).json();
    assertEquals([general.users, general.connections], [["Alice", "Bob"], 2]);
    assertEquals((await (await one.fetch("/health")).json()).connections, 3);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("statistics need the right to browse", async () => {
  await using server = await serve({ guests: "none" });
  for (const path of ["/stats", "/room/1/stats", "/room/99/stats"]) {
    const response = await server.fetch(path);
    assertEquals([response.status, (await response.json()).code], [401, "sign_in"]);
    const { headers } = await server.person(`Carol${path.length}`);
    const known = await server.fetch(path, { headers });
    await known.body?.cancel();
    assertEquals(known.status, path === "/room/99/stats" ? 404 : 200);
  }
});

Deno.test("/health says whether the server can serve", async (t) => {
  await using server = await serve();
  await server.join("Alice");
  await t.step("healthy", async () => {
    for (const path of ["/health", "/health/"]) {
      const response = await server.fetch(path), health = await response.json();
      assertEquals([response.status, health.status, health.storage], [200, "healthy", "ok"]);
      assertEquals(health.connections, 1);
      assertGreater(health.uptime_seconds, 0);
      assertEquals(typeof health.version, "string");
      assertEquals(Object.keys(health.system), ["cpu", "memory", "load"]);
    }
  });
  await t.step("to anyone, whatever their credentials", async () => {
    const headers = { authorization: "Bearer x" };
    assertEquals((await server.fetch("/health", { headers })).status, 200);
  });
  await t.step("503 if the store doesn't answer within two seconds", async () => {
    const { store } = server.chat, { get } = store, askedAt = Date.now();
    store.get = () => new Promise(() => undefined);
    const response = await server.fetch("/health"), health = await response.json();
    store.get = get;
    assertEquals([response.status, health.status, health.storage], [503, "unhealthy", "unavailable"]);
    assertLess(Date.now() - askedAt, 4_000);
  });
  await t.step("503 once the process is about to stop", async () => {
    await server.chat.drain();
    const response = await server.fetch("/health"), health = await response.json();
    assertEquals([response.status, health.status, health.storage], [503, "unhealthy", "ok"]);
  });
});

Deno.test("/static/{file} serves the static files and nothing else", async () => {
  await using server = await serve();
  for (const [file, type] of [["tokens.css", "text/css"], ["favicon.svg", "image/svg+xml"]]) {
    const response = await server.fetch(`/static/${file}`);
    assertEquals(response.status, 200);
    assertStringIncludes(response.headers.get("content-type") ?? "", type!);
    assertEquals(await response.text(), await Deno.readTextFile(new URL(`../../static/${file}`, import.meta.url)));
    const again = await server.fetch(`/static/${file}`, {
      headers: { "if-none-match": response.headers.get("etag")! },
    });
    assertEquals(again.status, 304);
    const head = await server.fetch(`/static/${file}`, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
  }
  for (const path of ["nothing.css", "", "../main.ts", "..%2fmain.ts", "%2e%2e/main.ts", "..%5cmain.ts", "%00"]) {
    const response = await server.fetch(`/static/${path}`), text = await response.text();
    assert([400, 404].includes(response.status), path);
    assert(!text.includes("createApp"), path);
  }
});
