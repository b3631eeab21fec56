import { assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import type { Sendable } from "@/tests/client.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a frame that nobody can read is answered with an error, and the socket stays", async (t) => {
  await using server = await serve();
  const alice = await server.join("Alice"), bob = await server.join("Bob");
  await alice.until("users_list");
  const frames: [string, Sendable][] = [
    ["not JSON", "Hello"],
    ["nothing", ""],
    ["half a frame", '{"type":"message","content":"Hel'],
    ["an array", '[{"type":"message","content":"Hello"}]'],
    ["a number", "5"],
    ["null", "null"],
    ["no type", { content: "Hello" }],
    ["an unknown type", { type: "shout", content: "Hello" }],
    ["a type that every object has", { type: "constructor", content: "Hello" }],
    ["a type that is no text", { type: ["message"], content: "Hello" }],
    ["no content", { type: "message" }],
    ["content that is no text", { type: "message", content: { toString: "Hello" } }],
    ["null for content", { type: "message", content: null }],
    ["content only in the prototype", '{"type":"message","__proto__":{"content":"Hello"}}'],
    ["an id that is text", { type: "delete", id: "4294967297" }],
    ["an id that is no whole number", { type: "delete", id: 4294967297.5 }],
    ["an id beyond what numbers count", { type: "delete", id: 1e300 }],
    ["is_typing that is text", { type: "typing", is_typing: "yes" }],
    ["a seq below nothing", { type: "read", seq: -1 }],
    ["an endless nonce", { type: "message", content: "Hello", nonce: "n".repeat(10_000) }],
    ["a nonce that is a number", { type: "message", content: "Hello", nonce: 1 }],
    ["60,000 brackets", "[".repeat(60_000)],
    ["60,000 brackets for content", `{"type":"message","content":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
    ["bytes", new TextEncoder().encode('{"type":"message","content":"Hello"}')],
    ["no bytes", new Uint8Array()],
  ];
  for (const [what, frame] of frames) {
    await t.step(what, async () => {
      await alice.send(frame);
      const { type, code, content } = await alice.next();
      assertEquals({ type, code, content: typeof content }, { type: "error", code: "bad_frame", content: "string" });
      assertEquals(await alice.settled(), []);
    });
  }
  await t.step("nothing of it is stored or told to others", async () => {
    assertEquals(await (await server.fetch("/api/chat/rooms/1/messages")).json(), []);
    assertEquals(await bob.settled(), []);
  });
});

Deno.test("a frame that breaks a rule is answered with an error that has its nonce", async (t) => {
  await using server = await serve();
  const alice = await server.join("Alice");
  const nonce = "n";
  const frames: [string, Record<string, unknown>, string][] = [
    ["empty content", { type: "message", content: "" }, "invalid"],
    ["content of spaces", { type: "message", content: " \n\t\u3000 " }, "invalid"],
    ["content of control characters", { type: "message", content: "\u0000\u0007\u001b" }, "invalid"],
    ["4,001 characters", { type: "message", content: "x".repeat(4_001) }, "invalid"],
    ["an id below all", { type: "edit", id: -1, content: "Hello" }, "invalid"],
    ["the id 0", { type: "delete", id: 0 }, "invalid"],
    ["an id that no message has yet", { type: "delete", id: messageId(1, 1) }, "message_not_found"],
    ["an id of another room", { type: "edit", id: messageId(2, 1), content: "Hello" }, "message_not_found"],
    ["a text for an emoji", { type: "react", id: messageId(1, 1), emoji: "ha" }, "invalid"],
    ["two emoji at once", { type: "react", id: messageId(1, 1), emoji: "👍👍" }, "invalid"],
    ["a reply to nothing", { type: "message", content: "Yes", reply_to: messageId(1, 1) }, "message_not_found"],
  ];
  for (const [what, frame, code] of frames) {
    await t.step(what, async () => {
      await alice.send({ ...frame, nonce });
      const answer = await alice.next();
      assertEquals([answer.type, answer.code, answer.nonce], ["error", code, nonce]);
    });
  }
  assertEquals(await (await server.fetch("/api/chat/rooms/1/messages")).json(), []);
});

Deno.test("what is said comes back as it was said, but for what would hurt", async (t) => {
  await using server = await serve();
  const alice = await server.join("Alice");
  const texts: [string, string, string?][] = [
    ["4,000 characters", "x".repeat(4_000)],
    ["4,000 units of emoji", "🫖".repeat(2_000)],
    ["markup", "<script>alert('&amp;')</script>"],
    ["text from right to left", "שלום\u202b עולם"],
    ["a family", "👨‍👩‍👧‍👦"],
    ["lines and tabs", "a\n\n\tb"],
    ["the ends are trimmed", "  Hello \n", "Hello"],
    ["line ends of Windows", "a\r\nb", "a\nb"],
    ["control characters", "a\u0000b\u0007c\u009bd\u007fe", "abcde"],
    ["accents stay as they were composed", "e\u0301 é"],
    ["a line separator", "a\u2028b"],
    ["JSON", '{"type":"error"}'],
  ];
  for (const [what, content, expected = content] of texts) {
    await t.step(what, async () => {
      await alice.send({ type: "message", content });
      assertEquals((await alice.next()).content, expected);
    });
  }
  await t.step("half a character", async () => {
    await alice.send('{"type":"message","content":"a\\ud83d b\\ude00"}');
    assertEquals((await alice.next()).content, "a\ufffd b\ufffd");
  });
  await t.step("a key that comes twice is refused, as readers differ in which they take", async () => {
    await alice.send('{"type":"message","content":"a","content":"b"}');
    assertEquals((await alice.next()).code, "bad_frame");
  });
  await t.step("unknown keys are nothing", async () => {
    await alice.send('{"type":"message","content":"b","colour":"red","__proto__":{"x":1}}');
    const { content, colour } = await alice.next();
    assertEquals({ content, colour }, { content: "b", colour: undefined });
  });
  await t.step("and history has it the same", async () => {
    const stored = await (await server.fetch("/api/chat/rooms/1/messages")).json();
    assertEquals(
      stored.map(({ content }: { content: string }) => content).slice(0, texts.length),
      texts.map(([, content, expected = content]) => expected),
    );
  });
});

Deno.test("ten unreadable frames in a row end the socket with 4400, and a good one in between begins anew", async () => {
  await using server = await serve();
  const alice = await server.join("Alice");
  const nine = Array.from({ length: 9 }, () => "nonsense");
  await alice.send(...nine, { type: "ping" }, ...nine, { type: "ping" });
  const types: unknown[] = [];
  for (let answer = 0; answer < 20; answer++) types.push((await alice.next()).type);
  assertEquals(types, [...nine.map(() => "error"), "pong", ...nine.map(() => "error"), "pong"]);
  await alice.send(...nine, "nonsense");
  assertEquals((await alice.closed).code, 4400);
  assertEquals((await alice.rest()).map(({ type }) => type), [...nine, "the tenth", "why"].map(() => "error"));
});

Deno.test("a frame over 64 KiB ends the socket with 1009", async (t) => {
  await using server = await serve();
  const megabyte = "x".repeat(1_000_000);
  const frames: [string, Sendable][] = [
    ["a message of a megabyte", { type: "message", content: megabyte }],
    ["text of a megabyte", megabyte],
    ["100,000 brackets", "[".repeat(100_000)],
    ["a megabyte of bytes", new Uint8Array(1_000_000)],
    ["64 KiB in fewer characters", { type: "message", content: "€".repeat(22_000) }],
  ];
  for (const [what, frame] of frames) {
    await t.step(what, async () => {
      const alice = await server.join("Alice");
      await alice.send(frame);
      assertEquals((await alice.closed).code, 1009);
      const silent = server.socket("/ws/chat/1");
      await silent.send(frame);
      assertEquals((await silent.closed).code, 1009);
    });
  }
  await t.step("a little less is a frame like any other", async () => {
    const bob = await server.join("Bob");
    await bob.send({ type: "message", content: "Hello", padding: "x".repeat(65_000) });
    assertEquals((await bob.until("message")).content, "Hello");
  });
});

Deno.test("frames that come before one is let in wait, and go in order", async () => {
  await using server = await serve();
  const bob = await server.join("Bob"), alice = server.socket("/ws/chat/general", { headers: {} });
  const { rooms } = server.chat, find = rooms.find.bind(rooms), door = Promise.withResolvers<void>();
  const knocked = Promise.withResolvers<void>();
  rooms.find = async (...asked) => {
    knocked.resolve();
    await door.promise;
    return await find(...asked);
  };
  await alice.send({ username: "Alice" }, { type: "message", content: "one" }, { type: "message", content: "two" });
  await knocked.promise;
  // By then the frames behind the first have come too.
  await bob.settled();
  door.resolve();
  const types = [];
  for (let frame = 0; frame < 4; frame++) {
    const { type, content } = await alice.next();
    types.push([type, content]);
  }
  assertEquals(types, [["connected", undefined], ["users_list", undefined], ["message", "one"], ["message", "two"]]);
});
