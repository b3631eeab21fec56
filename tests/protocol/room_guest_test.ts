import { assertEquals, assertNotEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a guest_token keeps who somebody is", async (t) => {
  await using server = await serve();
  const before = server.socket("/ws/chat/1");
  await before.send({ username: "Alice" });
  const { guest_token, user_id } = await before.next();
  await before.send({ type: "message", content: "Mine" });
  await before.until("message");
  before.close();
  const id = messageId(1, 1);

  await t.step("of the same name without it one may not edit or delete", async () => {
    const impostor = await server.join("Alice");
    for (const frame of [{ type: "edit", id, content: "Yours", nonce: "n" }, { type: "delete", id, nonce: "n" }]) {
      await impostor.send(frame);
      const { code, nonce } = await impostor.until("error");
      assertEquals({ code, nonce }, { code: "forbidden", nonce: "n" });
    }
    impostor.close();
  });

  await t.step("with it one is the same, whatever name is given beside it", async () => {
    const alice = server.socket("/ws/chat/1");
    await alice.send({ username: "Somebody", guest_token });
    const connected = await alice.next();
    assertEquals([connected.username, connected.user_id, connected.guest_token], ["Alice", user_id, guest_token]);
    await alice.send({ type: "edit", id, content: "Still mine" });
    assertEquals((await alice.until("edited")).content, "Still mine");
    alice.close();
  });

  await t.step("in the address, and as token, it does the same", async () => {
    for (const name of ["guest_token", "token"]) {
      const alice = server.socket(`/ws/chat/1?${name}=${guest_token}`);
      assertEquals((await alice.next()).user_id, user_id);
      alice.close();
    }
  });

  await t.step("and in REST it is a bearer token", async () => {
    const init = { method: "DELETE", headers: { authorization: `Bearer ${guest_token}` } };
    assertEquals((await server.fetch(`/api/chat/messages/${id}`, init)).status, 200);
  });
});

Deno.test("a guest's cookie says who comes, but not from another site's page", async (t) => {
  await using server = await serve();
  const response = await server.fetch("/api/chat/rooms/1/messages", {
    method: "POST",
    json: { content: "Hello", username: "Alice" },
  });
  const { user_id } = await response.json();
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";

  await t.step("no Origin: not a browser", async () => {
    const alice = server.socket("/ws/chat/1", { headers: { cookie } });
    await alice.send({});
    const connected = await alice.next();
    assertEquals([connected.username, connected.user_id], ["Alice", user_id]);
  });
  await t.step("the page's own Origin", async () => {
    const alice = server.socket("/ws/chat/1", { headers: { cookie, origin: server.url } });
    await alice.send({});
    assertEquals((await alice.next()).user_id, user_id);
  });
  await t.step("a foreign Origin: nobody, until a name is given", async () => {
    const headers = { cookie, origin: "https://elsewhere.example" };
    const nobody = server.socket("/ws/chat/1", { headers });
    await nobody.send({});
    assertEquals((await nobody.next()).type, "error");
    assertEquals((await nobody.closed).code, 4400);
    const alice = server.socket("/ws/chat/1", { headers });
    await alice.send({ username: "Alice" });
    const connected = await alice.next();
    assertEquals([connected.type, connected.username], ["connected", "Alice"]);
    assertNotEquals(connected.user_id, user_id);
  });
});

Deno.test("a guest whose name somebody registers is sent away, and other guests stay", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), carol = await server.join("Carol");
  const lobby = server.socket("/ws/BOB");
  await lobby.until("user_joined");
  await server.chat.accounts.register({ name: "bob", password: "a very long walk" });
  for (const client of [bob, lobby]) assertEquals((await client.closed).code, 4401);
  assertEquals((await bob.rest()).at(-1)?.code, "name_registered");
  await carol.send({ type: "message", content: "Still here" });
  await carol.until("message");
});
