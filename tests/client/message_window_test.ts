import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Entry } from "@/lib/model/entry.ts";
import { appended, arrived, type MessageWindow, prepended, WINDOW_MAX } from "@/lib/client/message_window.ts";
import { person, post, posts } from "./sample.ts";

const ends = ({ posts, older, newer }: MessageWindow) => [posts[0]?.seq, posts.at(-1)?.seq, older, newer];
const whole = (from: number, to: number): MessageWindow => ({ posts: posts(from, to), older: from > 1, newer: false });

Deno.test("new messages come to the end", () => {
  assertEquals(ends(arrived(whole(1, 3), posts(4, 5), true)), [1, 5, false, false]);
});

Deno.test("a message that is in the window isn't added again", () => {
  assertEquals(arrived(whole(1, 3), posts(2, 4), true).posts.map(({ seq }) => seq), [1, 2, 3, 4]);
});

Deno.test("an edit, a reaction and a deletion change the message they are about, and no other", () => {
  const before = whole(1, 3), by = person("Jonas");
  const [first] = before.posts;
  const entries: Entry[] = [
    { type: "edit", seq: 4, at: 0, by, message: post(2, { content: "edited", editedAt: 1 }) },
    { type: "react", seq: 5, at: 0, by, post: 2, emoji: "👍", on: true, count: 1 },
    { type: "delete", seq: 6, at: 0, by, post: 3 },
  ];
  const after = arrived(before, entries, true);
  assertEquals(after.posts.map(({ content }) => content), ["message 1", "edited"]);
  assertEquals(after.posts[1]?.reactions, [{ emoji: "👍", count: 1, users: ["Jonas"], by: [by.id] }]);
  assertStrictEquals(after.posts[0], first);
});

Deno.test("at the end, a full window lets the oldest go", () => {
  assertEquals(ends(arrived(whole(1, WINDOW_MAX), posts(WINDOW_MAX + 1, WINDOW_MAX + 2), true)), [3, 302, true, false]);
});

Deno.test("above the end, a full window keeps its messages, and new ones are left out", () => {
  const after = arrived(whole(1, WINDOW_MAX), posts(WINDOW_MAX + 1, WINDOW_MAX + 2), false);
  assertEquals(ends(after), [1, WINDOW_MAX, false, true]);
  assertEquals(ends(arrived(after, posts(303, 303), true)), [1, WINDOW_MAX, false, true]);
});

Deno.test("an older page comes before, and a full window lets the newest go", () => {
  const page: MessageWindow = { posts: posts(1, 50), older: false, newer: true };
  assertEquals(ends(prepended(whole(51, 100), page)), [1, 100, false, false]);
  assertEquals(ends(prepended(whole(51, 50 + WINDOW_MAX), page)), [1, WINDOW_MAX, false, true]);
});

Deno.test("a newer page comes after, and a full window lets the oldest go", () => {
  const window: MessageWindow = { posts: posts(1, 50), older: false, newer: true };
  assertEquals(ends(appended(window, { posts: posts(51, 60), older: true, newer: false })), [1, 60, false, false]);
  const full: MessageWindow = { posts: posts(1, WINDOW_MAX), older: false, newer: true };
  assertEquals(ends(appended(full, { posts: posts(301, 350), older: true, newer: true })), [51, 350, true, true]);
});
