import { assertEquals, assertThrows } from "@std/assert";
import { pageOf } from "@/lib/client/rest.ts";

const message = {
  id: 2 ** 32 + 7,
  room_id: 1,
  seq: 7,
  user_id: "0123456789abcdef01234567",
  username: "Maya",
  content: "hello",
  timestamp: "2026-01-02T12:00:00.000Z",
  edited_at: "2026-01-02T12:01:00.000Z",
  reply_to: 2 ** 32 + 3,
  reactions: [{ emoji: "👍", count: 1, users: ["Jonas"], mine: true }],
  attachments: [],
};

Deno.test("a page of history is parsed from the server's answer", () => {
  const { posts: [post], older, newer } = pageOf([message], '</api/x?before=1>; rel="prev"');
  assertEquals([older, newer], [true, false]);
  assertEquals([post?.seq, post?.by.name, post?.content, post?.replyTo], [7, "Maya", "hello", 3]);
  assertEquals([post?.at, post?.editedAt], [Date.UTC(2026, 0, 2, 12), Date.UTC(2026, 0, 2, 12, 1)]);
  assertEquals([post?.nonce, pageOf([{ ...message, nonce: "n-1" }], "").posts[0]?.nonce], [undefined, "n-1"]);
  assertEquals(post?.reactions, [{ emoji: "👍", count: 1, users: ["Jonas"], mine: true }]);
});

Deno.test("an answer that isn't a page of messages is rejected", () => {
  for (const body of [null, {}, [null], [{ ...message, content: 5 }], [{ ...message, seq: undefined }]]) {
    assertThrows(() => pageOf(body, ""), TypeError);
  }
});
