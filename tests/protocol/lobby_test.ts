import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Client, Frame, Sendable } from "@/tests/client.ts";
import { serve } from "@/tests/server.ts";

/** Somebody in the lobby, past the news of it. */
async function enter(socket: (path: string) => Client, name: string, query = ""): Promise<Client> {
  const client = socket(`/ws/${name}${query}`);
  await client.until("user_joined", ({ user_name }) => user_name === name);
  return client;
}

/** What a frame says, without the time. */
function said({ type, user_name, message }: Frame): unknown[] {
  return [type, user_name, message];
}

async function nextSaid(client: Client, count: number): Promise<unknown[][]> {
  const frames: unknown[][] = [];
  for (let frame = 0; frame < count; frame++) frames.push(said(await client.next()));
  return frames;
}

/** The reason with which a socket was refused: an error that says why, and then 1008 with the same. */
async function refusal(client: Client): Promise<string> {
  const { type, message } = await client.next();
  const { code, reason } = await client.closed;
  assertEquals([type, code, reason], ["error", 1008, message]);
  return reason;
}

Deno.test("two people in the lobby: what they send, and what each of them hears in order", async () => {
  await using server = await serve();
  const alice = server.socket("/ws/alice");
  assertEquals(await nextSaid(alice, 1), [["user_joined", "alice", "alice joined the chat"]]);
  const bob = server.socket("/ws/bob");
  const joined = ["user_joined", "bob", "bob joined the chat"];
  assertEquals(await nextSaid(bob, 1), [joined]);
  await alice.send({ message: "hi" });
  assertEquals(await nextSaid(bob, 1), [["chat_message", "alice", "hi"]]);
  await bob.send({ type: "chat_message", message: "hello" }, "plain text");
  await bob.send({ message: 5 });
  const heard = [["chat_message", "bob", "hello"], ["chat_message", "bob", "plain text"]];
  // A refusal needs no commit, so it may come first.
  const answers = await nextSaid(bob, 3);
  assertEquals(answers.filter(([type]) => type === "chat_message"), heard);
  assertEquals(answers.filter(([type]) => type === "error").length, 1);
  bob.close();
  assertEquals(await nextSaid(alice, 5), [
    joined,
    ["chat_message", "alice", "hi"],
    ...heard,
    ["user_left", "bob", "bob left the chat"],
  ]);
});

Deno.test("a frame has four keys, and its time is in seconds with three decimals", async () => {
  await using server = await serve();
  const texts: string[] = [], { promise: over, resolve } = Promise.withResolvers<void>();
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/ws/alice`);
  socket.onopen = () => socket.send("hi");
  socket.onmessage = ({ data }) => {
    texts.push(data);
    if (texts.length === 2) socket.send("{}");
    if (texts.length === 3) socket.close();
  };
  socket.onclose = () => resolve();
  await over;
  const [joined, message, error] = texts;
  assertMatch(joined!, /^{"type":"user_joined","user_name":"alice","message":"[^"]+","timestamp":\d{10}\.\d{3}}$/);
  assertMatch(message!, /^{"type":"chat_message","user_name":"alice","message":"hi","timestamp":\d{10}\.\d{3}}$/);
  assertMatch(error!, /^{"type":"error","user_name":"[^"]+","message":"[^"]+","timestamp":\d{10}\.\d{3}}$/);
  const [{ timestamp }] = await (await server.fetch("/api/chat/rooms/1/messages")).json();
  assertEquals(JSON.parse(message!).timestamp * 1000, Date.parse(timestamp));
});

Deno.test("whatever is not a JSON object is a message as it stands", async (t) => {
  await using server = await serve();
  const alice = await enter(server.socket, "alice");
  for (const text of ["{", "5", "[1]", "null", '"hi"', "{message: hi}", '{"message":"hi"', "[".repeat(3_000), "// x"]) {
    await t.step(text.slice(0, 20), async () => {
      await alice.send(text);
      assertEquals(said(await alice.next()), ["chat_message", "alice", text]);
    });
  }
  await t.step("its ends are trimmed, as everywhere", async () => {
    await alice.send("  a\r\nb \n");
    assertEquals((await alice.next()).message, "a\nb");
  });
  await t.step("an object may have spaces before it, and keys that nobody knows", async () => {
    await alice.send(' \n{"message":"hi","colour":"red","type":"chat_message"}');
    assertEquals((await alice.next()).message, "hi");
  });
});

Deno.test("an object without a message is answered with an error, and ten in a row end the socket with 1008", async (t) => {
  await using server = await serve();
  const alice = await enter(server.socket, "alice");
  const frames: [string, Sendable][] = [
    ["nothing in it", {}],
    ["a number for a message", { message: 5 }],
    ["null for a message", { type: "chat_message", message: null }],
    ["a message in the prototype", '{"__proto__":{"message":"hi"}}'],
    ["a key twice", '{"message":"a","message":"b"}'],
    ["bytes", new TextEncoder().encode('{"message":"hi"}')],
  ];
  for (const [what, frame] of frames) {
    await t.step(what, async () => {
      await alice.send(frame);
      assertEquals((await alice.next()).type, "error");
    });
  }
  await t.step("empty ones and those that are too long are errors too", async () => {
    await alice.send({ message: " " }, "", "x".repeat(4_001));
    assertEquals((await nextSaid(alice, 3)).map(([type]) => type), ["error", "error", "error"]);
  });
  await t.step("a good one, and counting begins anew", async () => {
    await alice.send("hi");
    assertEquals(said(await alice.next()), ["chat_message", "alice", "hi"]);
    await alice.send(...Array.from({ length: 10 }, () => "{}"));
    assertEquals((await alice.closed).code, 1008);
    assertEquals((await alice.rest()).map(({ type }) => type), Array.from({ length: 11 }, () => "error"));
  });
  await t.step("nothing of it was stored", async () => {
    assertEquals((await (await server.fetch("/api/chat/rooms/1/messages")).json()).length, 1);
  });
});

Deno.test("a frame over 64 KiB ends the socket with 1009", async () => {
  await using server = await serve();
  for (const frame of ["x".repeat(70_000), { message: "€".repeat(22_000) }, new Uint8Array(70_000)]) {
    const alice = await enter(server.socket, "alice");
    await alice.send(frame);
    assertEquals((await alice.closed).code, 1009);
  }
});

Deno.test("a name that is not allowed is told why, and the socket is closed with 1008 and the reason", async (t) => {
  await using server = await serve();
  await server.person("Carol");
  const names: [string, RegExp][] = [
    ["", /Enter a name/],
    ["%20", /Enter a name/],
    ["a".repeat(21), /at most 20/],
    ["%F0%9D%92%9C".repeat(21), /at most 20/],
    ["a%2Fb", /letters/],
    ["%3Cb%3E", /letters/],
    ["a%20%20b", /letters/],
    ["Carol", /belongs to an account/],
    ["cAROL", /belongs to an account/],
  ];
  for (const [name, reason] of names) {
    await t.step(name, async () => assertMatch(await refusal(server.socket(`/ws/${name}`)), reason));
  }
  await t.step("as much of a long reason as a close may carry", async () => {
    await server.person("𝒜".repeat(20));
    const client = server.socket(`/ws/${encodeURIComponent("𝒜".repeat(20))}`);
    assertMatch((await client.closed).reason, /^The name "𝒜{20}" belongs/u);
  });
  await t.step("20 characters of any script are allowed, and spaces inside", async () => {
    for (const name of ["b".repeat(20), "Ännchen von Tharau", "李 小龙", "𝒞".repeat(20)]) {
      const client = server.socket(`/ws/${encodeURIComponent(name)}`);
      assertEquals((await client.next()).user_name, name.normalize("NFC"));
    }
  });
  await t.step("where guests may do nothing, nobody comes in without an account", async () => {
    await using closed = await serve({ guests: "none" });
    assertMatch(await refusal(closed.socket("/ws/alice")), /You need an account/);
  });
});

Deno.test("an account's own name wins over the path's", async (t) => {
  await using server = await serve();
  const carol = await server.person("Carol");
  const joined = ["user_joined", "Carol", "Carol joined the chat"];
  await t.step("with a token", async () => {
    assertEquals(said(await server.socket(`/ws/Bob?token=${carol.token}`).next()), joined);
    assertEquals(said(await server.socket("/ws/Bob", { headers: carol.headers }).next()), joined);
  });
  await t.step("with a session", async () => {
    assertEquals(said(await server.socket("/ws/Bob", { headers: carol.cookie }).next()), joined);
    assertEquals(said(await server.socket(`/ws/${"a".repeat(21)}`, { headers: carol.cookie }).next()), joined);
  });
  await t.step("a guest's token holds the guest's name, a guest's cookie does not", async () => {
    const { token } = server.chat.guests.issue("Dave");
    assertEquals((await server.socket(`/ws/Bob?token=${encodeURIComponent(token)}`).next()).user_name, "Dave");
    const headers = { cookie: `hubbub_guest=${token}` };
    assertEquals((await server.socket("/ws/Bob", { headers }).next()).user_name, "Bob");
  });
  await t.step("a session that comes with another site's page counts for nothing", async () => {
    const headers = { ...carol.cookie, origin: "https://elsewhere.example" };
    assertEquals((await server.socket("/ws/Bob", { headers }).next()).user_name, "Bob");
    assertMatch(await refusal(server.socket("/ws/Carol", { headers })), /belongs to an account/);
  });
  await t.step("a token that is not valid is no guest", async () => {
    assertMatch(await refusal(server.socket("/ws/Bob?token=x")), /token isn't valid/);
  });
});

Deno.test("`room` names another room by id or name; one that is not there is refused with 1008", async (t) => {
  await using server = await serve();
  const carol = await server.person("Carol");
  const make = async (json: Record<string, unknown>) =>
    (await (await server.fetch("/api/chat/rooms", { method: "POST", headers: carol.headers, json })).json()).id;
  const id = await make({ name: "tea & cake" }), secret = await make({ name: "secret", kind: "private" });
  const alice = await enter(server.socket, "alice", `?room=${id}`);
  const bob = await enter(server.socket, "bob", "?room=tea+%26+cake");
  const outside = await enter(server.socket, "outside");
  await bob.send("here");
  assertEquals(await nextSaid(alice, 2), [
    ["user_joined", "bob", "bob joined the chat"],
    ["chat_message", "bob", "here"],
  ]);
  await outside.send("elsewhere");
  assertEquals(said(await outside.next()), ["chat_message", "outside", "elsewhere"]);
  for (const room of ["nowhere", "99", "0", secret, "secret"]) {
    await t.step(`${room}`, async () => {
      assertEquals(await refusal(server.socket(`/ws/dave?room=${room}`)), "Room not found");
    });
  }
  await t.step("a private room lets its members in", async () => {
    assertEquals((await server.socket(`/ws/x?room=${secret}&token=${carol.token}`).next()).user_name, "Carol");
  });
});

Deno.test("a room that is deleted says so in an error, then 4410", async () => {
  await using server = await serve();
  const { id } = await (await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "brief" } })).json();
  const alice = await enter(server.socket, "alice", "?room=brief");
  await (await server.fetch(`/api/chat/rooms/${id}`, { method: "DELETE" })).body?.cancel();
  assertEquals(said(await alice.next()), ["error", "system", "Room deleted"]);
  assertEquals((await alice.closed).code, 4410);
});

Deno.test("what is said in other protocols is heard here, but edits, reactions, pins and deletions are not", async () => {
  await using server = await serve();
  const bob = await enter(server.socket, "bob"), alice = await server.join("Alice");
  await alice.send({ type: "message", content: "one" });
  const { id } = await alice.until("message");
  await alice.send({ type: "edit", id, content: "two" });
  await alice.until("edited");
  await alice.send({ type: "react", id, emoji: "👍" }, { type: "pin", id }, { type: "typing", is_typing: true });
  await alice.send({ type: "read", seq: 1 }, { type: "delete", id });
  await alice.until("deleted");
  await bob.send("done");
  assertEquals(await nextSaid(bob, 3), [
    ["user_joined", "Alice", "Alice joined the chat"],
    ["chat_message", "Alice", "one"],
    ["chat_message", "bob", "done"],
  ]);
  assertEquals((await alice.until("message")).content, "done");
});

Deno.test("a second window of somebody is told that they are here, and the others nothing", async () => {
  await using server = await serve();
  const alice = await enter(server.socket, "alice");
  const second = await enter(server.socket, "alice");
  await second.send("hi");
  assertEquals(await nextSaid(alice, 1), [["chat_message", "alice", "hi"]]);
  second.close();
  await second.closed;
  await alice.send("still here");
  assertEquals(said(await alice.next()), ["chat_message", "alice", "still here"]);
});

Deno.test("a slash at the end makes no difference to sockets either", async () => {
  await using server = await serve();
  const carol = await server.person("Carol");
  assertEquals((await server.socket("/ws/alice/").next()).user_name, "alice");
  assertEquals((await server.socket("/ws/alice/?room=1").next()).user_name, "alice");
  assertEquals((await server.socket("/ws/chat/1/?username=alice").next()).type, "connected");
  assertEquals((await server.socket(`/chat/ws/general/?token=${carol.token}`).next()).type, "user_joined");
  const chat = await enter(server.socket, "chat");
  assert(chat, "even somebody called chat may come");
  for (const path of ["/ws/alice", "/ws/alice/", "/ws/chat/1/", "/chat/ws/general/"]) {
    const response = await server.fetch(path);
    assertEquals([response.status, (await response.json()).code], [422, "invalid"], path);
  }
});
