import { assertEquals, assertGreater } from "@std/assert";
import { makeDemo } from "@/lib/chat/demo.ts";
import { startServer } from "@/tests/process.ts";
import { serve, type TestServer } from "@/tests/server.ts";

async function conversation(server: Pick<TestServer, "fetch">): Promise<{ username: string; content: string }[]> {
  return await (await server.fetch("/api/chat/rooms/general/messages")).json();
}

async function signIn(url: string, username: string, password: string): Promise<number> {
  const response = await fetch(`${url}/token`, { method: "POST", body: new URLSearchParams({ username, password }) });
  await response.body?.cancel();
  return response.status;
}

Deno.test("with DEMO=1 there are two accounts and a conversation, once, however often and from where it is started", async (t) => {
  const dataDir = await Deno.makeTempDir();
  const contents = async (url: string) =>
    (await conversation({ fetch: (path) => fetch(url + path) })).map(({ content }) => content);
  let said: string[] = [];
  await t.step("two instances that start at the same moment create it once", async () => {
    const started = await Promise.all([startServer(dataDir, { DEMO: "1" }), startServer(dataDir, { DEMO: "1" })]);
    await using one = started[0];
    await using other = started[1];
    said = await contents(one.url);
    assertGreater(said.length, 3);
    assertEquals(new Set(said).size, said.length);
    assertEquals(await contents(other.url), said);
    assertEquals(await signIn(one.url, "testuser", "testpass123"), 200);
    assertEquals(await signIn(other.url, "alice", "alicepass123"), 200);
  });
  await t.step("and it is the same after another start", async () => {
    await using again = await startServer(dataDir, { DEMO: "1" });
    assertEquals(await contents(again.url), said);
  });
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("the demo's accounts aren't admins, and what was deleted of it stays deleted", async () => {
  await using server = await serve();
  await makeDemo(server.chat);
  for (const name of ["testuser", "alice"]) assertEquals((await server.chat.accounts.named(name))?.admin, false);
  const { id: first } = await server.chat.accounts.register({ name: "Carol", password: "a very long walk" });
  assertEquals((await server.chat.accounts.get(first))?.admin, true, "the first who comes is");
  const [message] = await (await server.fetch("/api/chat/rooms/general/messages")).json();
  const { id } = (await server.chat.accounts.named(message.username))!;
  const { session } = await server.chat.sessions.open({ id: id, generation: 0 }, "a test");
  const { token } = await server.chat.tokens.sign({ account: id, session: session.id });
  const headers = { authorization: `Bearer ${token}` };
  const before = await conversation(server);
  await (await server.fetch(`/api/chat/messages/${message.id}`, { method: "DELETE", headers })).body?.cancel();
  await makeDemo(server.chat);
  assertEquals(await conversation(server), before.slice(1));
});

Deno.test("where another account has one of the names, nothing is posted in it", async () => {
  await using server = await serve();
  await server.chat.accounts.register({ name: "Alice", password: "a very long walk" });
  await makeDemo(server.chat);
  assertEquals(await conversation(server), []);
});
