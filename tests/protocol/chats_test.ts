import { assertEquals, assertMatch } from "@std/assert";
import { SignJWT, UnsecuredJWT } from "jose";
import { messageId } from "@/lib/model/message.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Client, Frame, Sendable } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import { asAccount } from "@/tests/people.ts";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A chat of Alice with Bob, and with Carol where she is wanted. */
async function opened(server: TestServer, carol?: TestPerson) {
  const alice = await server.person("Alice", { id: "a".repeat(24) });
  const bob = await server.person("Bob", { id: "b".repeat(24) });
  const json = { participants: [bob.id, ...(carol ? [carol.id] : [])] };
  const { id } = await (await server.fetch("/api/chats", { method: "POST", headers: alice.headers, json })).json();
  const chat: number = id;
  return { alice, bob, chat };
}

/** Somebody's socket in a chat, by their token. */
function open(server: TestServer, chat: number, { id, token }: TestPerson): Client {
  return server.socket(`/api/chats/ws/${chat}/${id}?token=${token}`);
}

/** The next frames, each without its time. */
async function take(client: Client, count: number): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let frame = 0; frame < count; frame++) {
    const { timestamp, ...rest } = await client.next();
    if (rest.type !== "typing" && rest.type !== "error") assertMatch(String(timestamp), ISO);
    frames.push(rest);
  }
  return frames;
}

function came({ id, name }: TestPerson, ...here: TestPerson[]): Frame {
  return { type: "user_joined", user_id: id, username: name, active_users: here.map(({ id }) => id) };
}

function went({ id, name }: TestPerson, ...here: TestPerson[]): Frame {
  return { type: "user_left", user_id: id, username: name, active_users: here.map(({ id }) => id) };
}

function said(chat: number, seq: number, { id, name }: TestPerson, content: string): Frame {
  const by = { user_id: id, sender_id: id, username: name };
  return { type: "message", id: messageId(chat, seq), chat_id: chat, ...by, content };
}

function types({ id, name }: TestPerson, is_typing: boolean): Frame {
  return { type: "typing", user_id: id, username: name, is_typing };
}

/** The sentence with which a socket was refused: it was opened, told, and closed with 1008. */
async function refused(client: Client): Promise<string> {
  const { type, content, ...more } = await client.next();
  assertEquals([type, more, (await client.closed).code], ["error", {}, 1008]);
  return String(content);
}

/** What has come to a socket until now: an answer to nonsense comes after it. */
async function settled(client: Client): Promise<Frame[]> {
  await client.send("nonsense");
  const frames: Frame[] = [];
  for (let frame; (frame = await client.next()).type !== "error";) frames.push(frame);
  return frames;
}

Deno.test("two people in a chat: what they send, and what each of them hears in order", async () => {
  await using server = await serve();
  const { alice, bob, chat } = await opened(server);
  const first = open(server, chat, alice);
  assertEquals(await take(first, 1), [came(alice, alice)]);
  const second = open(server, chat, bob);
  assertEquals(await take(second, 1), [came(bob, alice, bob)]);
  await first.send({ content: "hi" });
  assertEquals(await take(second, 1), [said(chat, 1, alice, "hi")]);
  await second.send({ type: "typing", is_typing: true });
  // What is in a test's hands is the order of each sender's frames, so one waits for the other here.
  assertEquals(await take(first, 3), [came(bob, alice, bob), said(chat, 1, alice, "hi"), types(bob, true)]);
  await second.send({ type: "message", content: "  hello\r\n", colour: "red" });
  assertEquals(await take(first, 2), [types(bob, false), said(chat, 2, bob, "hello")]);
  assertEquals(await take(second, 1), [said(chat, 2, bob, "hello")]);
  await first.send({ type: "typing", is_typing: true }, { type: "typing", is_typing: false });
  assertEquals(await take(second, 2), [types(alice, true), types(alice, false)]);
  second.close();
  assertEquals(await take(first, 1), [went(bob, alice)]);
});

Deno.test("three people in a group: all hear of all, and who comes is told who is there and who types", async () => {
  await using server = await serve();
  const carol = await server.person("Carol", { id: "c".repeat(24) });
  const { alice, bob, chat } = await opened(server, carol);
  const one = open(server, chat, alice);
  assertEquals(await take(one, 1), [came(alice, alice)]);
  const two = open(server, chat, bob);
  assertEquals(await take(two, 1), [came(bob, alice, bob)]);
  await one.send({ type: "typing", is_typing: true });
  assertEquals(await take(two, 1), [types(alice, true)]);
  const three = open(server, chat, carol);
  assertEquals(await take(three, 2), [came(carol, alice, bob, carol), types(alice, true)]);
  await one.send({ content: "all here?" });
  const heard = [types(alice, false), said(chat, 1, alice, "all here?")];
  assertEquals(await take(three, 2), heard);
  assertEquals(await take(two, 3), [came(carol, alice, bob, carol), ...heard]);
  two.close();
  assertEquals(await take(three, 1), [went(bob, alice, carol)]);
  assertEquals(await take(one, 4), [
    came(bob, alice, bob),
    came(carol, alice, bob, carol),
    said(chat, 1, alice, "all here?"),
    went(bob, alice, carol),
  ]);
});

Deno.test("a second window of somebody is told that they are here, and the others nothing", async () => {
  await using server = await serve();
  const { alice, bob, chat } = await opened(server);
  const one = open(server, chat, alice);
  await take(one, 1);
  const two = open(server, chat, bob);
  await take(two, 1);
  const window = open(server, chat, bob);
  assertEquals(await take(window, 1), [came(bob, alice, bob)]);
  window.close();
  await window.closed;
  assertEquals((await settled(two)).length, 0);
  await take(one, 1);
  assertEquals((await settled(one)).length, 0);
});

Deno.test("edits, reactions, pins, deletions and read marks say nothing here", async () => {
  await using server = await serve();
  const { alice, bob, chat } = await opened(server);
  const client = open(server, chat, bob);
  await take(client, 1);
  const room = server.socket(`/ws/chat/${chat}?token=${alice.token}`);
  await room.until("users_list");
  await room.send({ type: "message", content: "one", nonce: "n" });
  const { id } = await room.until("message");
  await room.send({ type: "edit", id, content: "two" }, { type: "react", id, emoji: "👍" }, { type: "pin", id });
  await room.until("pinned");
  await room.send({ type: "read", seq: 1 }, { type: "delete", id });
  await room.until("deleted");
  assertEquals(await take(client, 2), [came(alice, alice, bob), said(chat, 1, alice, "one")]);
  assertEquals(await settled(client), []);
});

Deno.test("what is no frame of this protocol is answered with an error, and ten in a row end the socket with 1008", async (t) => {
  await using server = await serve();
  const { alice, chat } = await opened(server);
  const client = open(server, chat, alice);
  await take(client, 1);
  const frames: [string, Sendable][] = [
    ["plain text", "hi"],
    ["a list", "[1]"],
    ["nothing in it", {}],
    ["a number for content", { content: 5 }],
    ["a type that is not known", { type: "edit", id: messageId(chat, 1), content: "x" }],
    ["typing, neither on nor off", { type: "typing" }],
    ["a key twice", '{"content":"a","content":"b"}'],
    ["bytes", new TextEncoder().encode('{"content":"hi"}')],
  ];
  for (const [what, frame] of frames) {
    await t.step(what, async () => {
      await client.send(frame);
      const { type, content, ...more } = await client.next();
      assertEquals([type, typeof content, more], ["error", "string", {}]);
    });
  }
  await t.step("an empty message, and one that is too long, say what is wrong", async () => {
    await client.send({ content: " " }, { type: "message", content: "x".repeat(4_001) });
    assertMatch(String((await client.next()).content), /Write a message first/);
    assertMatch(String((await client.next()).content), /at most 4000/);
  });
  await t.step("a type that is not known says which are", async () => {
    await client.send({ type: "shout", content: "hi" });
    assertEquals((await client.next()).content, 'type must be "message" or "typing".');
  });
  await t.step("a good one, and counting begins anew", async () => {
    await client.send({ content: "hi" });
    assertEquals(await take(client, 1), [said(chat, 1, alice, "hi")]);
    await client.send(...Array.from({ length: 10 }, () => "{}"));
    assertEquals((await client.closed).code, 1008);
    assertEquals((await client.rest()).map(({ type }) => type), Array.from({ length: 11 }, () => "error"));
  });
});

Deno.test("a chat is opened by the account in its address, with a token or with a session", async (t) => {
  await using server = await serve({ corsOrigins: ["https://app.example"] });
  const { alice, bob, chat } = await opened(server);
  const address = `/api/chats/ws/${chat}/${alice.id}`;
  const joins = async (client: Client) => {
    const { type, username } = await client.next();
    assertEquals([type, username], ["user_joined", "Alice"]);
  };
  await t.step("a token in the address or in a header, from any site", async () => {
    for (const origin of ["https://elsewhere.example", server.url]) {
      await joins(server.socket(`${address}?token=${alice.token}`, { headers: { origin } }));
      await joins(server.socket(address, { headers: { ...alice.headers, origin } }));
    }
  });
  await t.step("a session of this site, or of one that is listed, or of no browser", async () => {
    await joins(server.socket(address, { headers: alice.cookie }));
    for (const origin of [server.url, "https://app.example"]) {
      await joins(server.socket(address, { headers: { ...alice.cookie, origin } }));
    }
  });
  await t.step("with a slash at the end, too", async () => {
    await joins(server.socket(`${address}/?token=${alice.token}`));
  });
  await t.step("a session that comes with another site's page counts as absent", async () => {
    const headers = { ...alice.cookie, origin: "https://elsewhere.example" };
    assertMatch(await refused(server.socket(address, { headers })), /Sign in/);
  });
  await t.step("nobody, and guests, are asked to sign in", async () => {
    const { token } = server.chat.guests.issue("Alicia");
    assertMatch(await refused(server.socket(address)), /Sign in/);
    assertMatch(await refused(server.socket(`${address}?token=${encodeURIComponent(token)}`)), /Sign in/);
  });
  await t.step("somebody else's address is refused", async () => {
    for (const headers of [bob.headers, bob.cookie]) {
      assertMatch(await refused(server.socket(address, { headers })), /another account/);
    }
    assertMatch(
      await refused(server.socket(`/api/chats/ws/${chat}/${alice.id.toUpperCase()}?token=${alice.token}`)),
      /another/,
    );
    // The token wins over the session beside it.
    assertMatch(await refused(server.socket(`${address}?token=${bob.token}`, { headers: alice.cookie })), /another/);
  });
  await t.step("a request that is no socket is told so", async () => {
    for (const path of [address, `${address}/`]) {
      const response = await server.fetch(path, { headers: alice.headers });
      assertEquals([response.status, (await response.json()).code], [422, "invalid"]);
    }
  });
});

Deno.test("a chat that is not there, or not one's own, is refused in the same words", async () => {
  await using server = await serve();
  const { alice, chat } = await opened(server);
  const carol = await server.person("Carol");
  for (const id of [chat, 1, 99, 0]) assertEquals(await refused(open(server, id, carol)), "Room not found");
  for (const id of ["general", "x", `${chat}x`, "1e3"]) {
    const client = server.socket(`/api/chats/ws/${id}/${alice.id}?token=${alice.token}`);
    assertEquals(await refused(client), "Room not found");
  }
});

Deno.test("a token that is not ours, or not good any more, is refused", async (t) => {
  await using server = await serve();
  await using other = await serve();
  const { alice, bob, chat } = await opened(server);
  const stranger = await other.person("Alice", { id: alice.id });
  const [key] = (await server.chat.store.get(keys.tokenKeys())).value!;
  const { kid, secret } = key!;
  const [head, body, signature] = alice.token.split(".");
  const claims = JSON.parse(atob(body!.replaceAll("-", "+").replaceAll("_", "/")));
  const signed = (payload: typeof claims, by: Uint8Array = secret) =>
    new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid }).sign(by);
  const tokens: [string, string][] = [
    ["tampered with", `${head}.${bob.token.split(".")[1]}.${signature}`],
    ["without a signature", `${head}.${body}.`],
    ["alg none", new UnsecuredJWT(claims).encode()],
    ["run out", await signed({ ...claims, exp: claims.iat - 1 })],
    ["signed by another server", stranger.token],
    ["signed with another secret", await signed(claims, new Uint8Array(32))],
    ["of somebody else's session", await signed({ ...claims, sub: bob.id })],
    ["of no session", await signed({ ...claims, sid: "x" })],
    ["no token at all", "x"],
    ["empty", ""],
  ];
  await t.step("but the same claims signed by us are good", async () => {
    const client = open(server, chat, { ...alice, token: await signed(claims) });
    assertEquals(await take(client, 1), [came(alice, alice)]);
  });
  for (const [what, token] of tokens) {
    await t.step(what, async () => {
      assertMatch(await refused(open(server, chat, { ...alice, token })), /isn't valid any more/);
    });
  }
});

Deno.test("signing out ends the sockets of that session with 4401, and no others", async () => {
  await using server = await serve();
  const { alice, bob, chat } = await opened(server);
  const address = `/api/chats/ws/${chat}/${alice.id}`;
  const elsewhere = await server.chat.sessions.open({ id: alice.id, generation: 0 }, "elsewhere");
  const stays = server.socket(address, { headers: { cookie: `hubbub_session=${elsewhere.secret}` } });
  const others = open(server, chat, bob);
  const ends = [open(server, chat, alice), server.socket(address, { headers: alice.cookie })];
  for (const client of [stays, others, ...ends]) await client.until("user_joined");
  const { status } = await server.fetch("/api/auth/logout", { method: "POST", headers: alice.headers });
  assertEquals(status, 204);
  for (const client of ends) {
    assertEquals((await client.closed).code, 4401);
    assertEquals((await client.rest()).at(-1), { type: "error", content: "Your session has ended. Sign in again." });
  }
  await stays.send({ content: "still here" });
  await others.until("message");
});

Deno.test("who is taken out of a group is put out of it, and the others hear that they left", async () => {
  await using server = await serve();
  const carol = await server.person("Carol", { id: "c".repeat(24) });
  const { alice, bob, chat } = await opened(server, carol);
  const one = open(server, chat, alice);
  await take(one, 1);
  const two = open(server, chat, bob), three = open(server, chat, carol);
  for (const client of [two, three]) await client.until("user_joined");
  const { status } = await server.fetch(`/api/chat/rooms/${chat}/members/${carol.id}`, {
    method: "DELETE",
    headers: alice.headers,
  });
  assertEquals(status, 204);
  assertEquals((await three.closed).code, 4404);
  assertEquals((await three.rest()).at(-1), { type: "error", content: "You're no longer in this room." });
  const { timestamp: _, ...left } = await one.until("user_left");
  assertEquals(left, went(carol, alice, bob));
  assertEquals(await refused(open(server, chat, carol)), "Room not found");
});

Deno.test("a group that is deleted says so, then 4410", async () => {
  await using server = await serve();
  const carol = await server.person("Carol");
  const { alice, bob, chat } = await opened(server, carol);
  const client = open(server, chat, bob);
  await take(client, 1);
  const { status, body } = await server.fetch(`/api/chat/rooms/${chat}`, { method: "DELETE", headers: alice.headers });
  await body?.cancel();
  assertEquals(status, 200);
  assertEquals(await take(client, 1), [{ type: "error", content: "This chat was deleted." }]);
  assertEquals((await client.closed).code, 4410);
});

Deno.test("a token that may only read hears, and says nothing", async () => {
  await using server = await serve();
  const { alice, bob, chat } = await opened(server);
  const { secret } = await server.chat.sessions.createToken(asAccount(bob), { label: "a bot", scopes: ["read"] });
  const bot = open(server, chat, { ...bob, token: secret });
  await take(bot, 1);
  await bot.send({ content: "beep" });
  assertMatch(String((await bot.next()).content), /lacks the scope/);
  const client = open(server, chat, alice);
  await client.send({ content: "hello" });
  assertEquals((await bot.until("message")).content, "hello");
});

Deno.test("sessions that open a socket while there is news for their account are let in", async () => {
  await using server = await serve();
  const { alice, chat } = await opened(server);
  const clients: Client[] = [];
  for (let browser = 0; browser < 20; browser++) {
    const { secret } = await server.chat.sessions.open({ id: alice.id, generation: 0 }, `browser ${browser}`);
    const headers = { cookie: `hubbub_session=${secret}` };
    clients.push(server.socket(`/api/chats/ws/${chat}/${alice.id}`, { headers }));
    await server.chat.store.commit([], [notify(alice.id)]);
  }
  for (const client of clients) assertEquals(await take(client, 1), [came(alice, alice)]);
});
