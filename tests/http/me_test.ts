import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

const OLD = "correct horse battery", NEW = "staple in the meadow";

async function ask(server: TestServer, headers: Record<string, string>, method: string, path: string, json?: unknown) {
  const response = await server.fetch(`/api/chat${path}`, { method, json, headers });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** Somebody who registered with a password. */
async function registered(server: TestServer, name: string) {
  const account = await server.chat.accounts.register({ name, password: OLD });
  const { session } = await server.chat.sessions.open(account, "a test");
  const { token } = await server.chat.tokens.sign({ account: account.id, session: session.id });
  return { id: account.id, headers: { authorization: `Bearer ${token}` } };
}

Deno.test("/me says who the caller is", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  assertEquals((await ask(server, {}, "GET", "/me")).status, 401);
  const { token } = server.chat.guests.issue("Gus");
  const guest = await ask(server, { authorization: `Bearer ${token}` }, "GET", "/me");
  assertEquals([guest.body.username, guest.body.guest, guest.body.created_at], ["Gus", true, null]);
  const { body } = await ask(server, mia.headers, "GET", "/me");
  assertEquals([body.id, body.username, body.guest, body.admin], [mia.id, "Mia", false, false]);
});

Deno.test("others can read the bio, and not the email address", async () => {
  await using server = await serve();
  const mia = await server.person("Mia"), sam = await server.person("Sam");
  const patch = { about: "I grow tea.", email: "mia@example.org" };
  assertEquals((await ask(server, mia.headers, "PATCH", "/me", patch)).body.email, "mia@example.org");
  const { body } = await ask(server, sam.headers, "GET", `/people/${mia.id}`);
  assertEquals([body.about, "email" in body], ["I grow tea.", false]);
  assertEquals((await ask(server, mia.headers, "PATCH", "/me", { email: "nonsense" })).status, 422);
  assertEquals((await ask(server, {}, "PATCH", "/me", patch)).status, 401);
});

Deno.test("changing the password needs the old one, and ends every other session", async () => {
  await using server = await serve();
  const { id, headers } = await registered(server, "Mia");
  const elsewhere = await server.chat.sessions.open({ id: id, generation: 0 }, "another browser");
  const change = (old_password: string, password: string) =>
    ask(server, headers, "POST", "/me/password", { old_password, password });
  assertEquals((await change("wrong", NEW)).status, 403);
  assertEquals((await change(OLD, "short")).status, 422);
  assertEquals((await change(OLD, "password1")).status, 422);
  const other = server.socket("/ws", { headers: { cookie: `hubbub_session=${elsewhere.secret}` } });
  await other.until("hello");
  assertEquals((await change(OLD, NEW)).status, 204);
  assertEquals((await other.closed).code, 4401);
  assertEquals((await ask(server, headers, "GET", "/me/sessions")).body.length, 1);
  await server.chat.credentials.check("mia", NEW, undefined);
});

Deno.test("a token does what its scopes say, until it's revoked", async (t) => {
  await using server = await serve();
  const mia = await server.person("Mia");
  const { status, body } = await ask(server, mia.headers, "POST", "/me/tokens", {
    label: "a bot",
    scopes: ["read", "write"],
  });
  assertEquals(status, 201);
  const bot = { authorization: `Bearer ${body.token}` };
  await t.step("it reads and writes", async () => {
    assertEquals((await ask(server, bot, "POST", "/rooms/1/messages", { content: "beep" })).body.username, "Mia");
    assertEquals((await ask(server, bot, "GET", "/rooms/1/messages")).body.length, 1);
  });
  await t.step("it can't create rooms or change the account", async () => {
    assertEquals((await ask(server, bot, "POST", "/rooms", { name: "beeps" })).status, 403);
    assertEquals((await ask(server, bot, "PATCH", "/me", { about: "beep" })).status, 403);
    assertEquals((await ask(server, bot, "POST", "/me/tokens", { label: "more" })).status, 403);
  });
  await t.step("it can be seen without its secret, which is nowhere in the store", async () => {
    const { body: sessions } = await ask(server, mia.headers, "GET", "/me/sessions");
    assert(!JSON.stringify(sessions).includes(body.token));
  });
  await t.step("only its owner can revoke it", async () => {
    const sam = await server.person("Sam");
    assertEquals((await ask(server, sam.headers, "DELETE", `/me/sessions/${body.id}`)).status, 404);
    const socket = server.socket(`/ws/chat/1?token=${body.token}`);
    await socket.until("users_list");
    assertEquals((await ask(server, mia.headers, "DELETE", `/me/sessions/${body.id}`)).status, 204);
    assertEquals((await socket.closed).code, 4401);
    assertEquals((await ask(server, bot, "GET", "/me")).status, 401);
  });
});

Deno.test("unread messages are counted until they're read", async () => {
  await using server = await serve();
  const [mia, sam] = await Promise.all([server.person("Mia"), server.person("Sam")]);
  const say = (who: TestPerson, content: string) => ask(server, who.headers, "POST", "/rooms/1/messages", { content });
  const waits = async () => (await ask(server, mia.headers, "GET", "/me/unread")).body;
  await say(sam, "before");
  assertEquals(await waits(), []);
  assertEquals((await ask(server, mia.headers, "PUT", "/rooms/1/read", { seq: 1 })).status, 204);
  await say(sam, "one");
  await say(sam, "two, @mia");
  assertEquals(await waits(), [{ room_id: 1, name: "general", unread: 2, mentions: 1 }]);
  assertEquals((await ask(server, mia.headers, "PUT", "/rooms/1/read", { seq: 2 })).status, 204);
  assertEquals(await waits(), [{ room_id: 1, name: "general", unread: 1, mentions: 1 }]);
  assertEquals((await ask(server, mia.headers, "PUT", "/rooms/1/read", { seq: 4 })).status, 422);
  await ask(server, mia.headers, "PUT", "/rooms/1/read", { seq: 3 });
  assertEquals(await waits(), [{ room_id: 1, name: "general", unread: 0, mentions: 0 }]);
  assertEquals((await ask(server, {}, "PUT", "/rooms/1/read", { seq: 1 })).status, 401);
});

Deno.test("an account's data can be exported, and deleted", async (t) => {
  await using server = await serve();
  const { headers } = await registered(server, "Mia");
  const sam = await server.person("Sam");
  await ask(server, headers, "POST", "/rooms/1/messages", { content: "mine" });
  await ask(server, sam.headers, "POST", "/rooms/1/messages", { content: "not mine" });
  const { body: owned } = await ask(server, headers, "POST", "/rooms", {
    name: "tea",
    kind: "private",
    members: [sam.id],
  });
  await t.step("an item a line", async () => {
    const text = await (await server.fetch("/api/chat/me/export", { headers })).text();
    const types = text.trim().split("\n").map((line) => JSON.parse(line).type);
    assertEquals(types, ["account", "session", "message", "room"]);
    assertStringIncludes(text, '"mine"');
    assert(!text.includes("not mine"));
    const nobody = await server.fetch("/api/chat/me/export");
    await nobody.body?.cancel();
    assertEquals(nobody.status, 401);
  });
  await t.step("not without the password", async () => {
    assertEquals((await ask(server, headers, "DELETE", "/me", { password: "wrong" })).status, 403);
  });
  await t.step("with its messages, and its rooms go to others", async () => {
    assertEquals((await ask(server, headers, "DELETE", "/me", { password: OLD, delete_messages: true })).status, 204);
    const { body } = await ask(server, sam.headers, "GET", "/rooms/1/messages");
    assertEquals(body.map(({ content }: { content: string }) => content), ["not mine"]);
    const { body: members } = await ask(server, sam.headers, "GET", `/rooms/${owned.id}/members`);
    assertEquals(members.map(({ username, role }: Record<string, string>) => [username, role]), [["Sam", "owner"]]);
    assertEquals((await ask(server, headers, "GET", "/me")).status, 401);
  });
  await t.step("the name is free again", async () => {
    assert(!await server.chat.accounts.isRegistered("Mia"));
  });
});

Deno.test("the first account is the admin, who can disable accounts", async () => {
  await using server = await serve();
  const admin = await registered(server, "Ada"), mia = await registered(server, "Mia");
  assertEquals((await ask(server, admin.headers, "GET", "/me")).body.admin, true);
  assertEquals((await ask(server, mia.headers, "PATCH", `/people/${admin.id}`, { admin: false })).status, 403);
  assertEquals((await ask(server, admin.headers, "PATCH", `/people/${admin.id}`, { disabled: true })).status, 422);
  const socket = server.socket("/ws/chat/1", { headers: { ...mia.headers } });
  await socket.send({});
  await socket.until("users_list");
  assertEquals((await ask(server, admin.headers, "PATCH", `/people/${mia.id}`, { disabled: true })).status, 200);
  assertEquals((await socket.closed).code, 4401);
  assertEquals((await ask(server, mia.headers, "GET", "/me")).status, 401);
});
