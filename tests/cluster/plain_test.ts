import { assertEquals } from "@std/assert";
import type { Left, Told } from "@/tests/cluster/history.ts";
import { type Heard, plainFaults } from "@/tests/cluster/plain.ts";

const entries: readonly Told[] = ["q says 1", "other says 1, or rather 2", "q says 2"].map((content, index) => {
  return { seq: index + 1, kind: "post", id: index + 1, by: "q", content };
});
const left: Left = { room: 1, entries, posts: [], connected: [], present: [], unread: [] };
const good: Heard = {
  client: "q",
  room: 1,
  sent: ["q says 1", "q says 2", "q says 3"],
  told: new Set(["q says 1"]),
  runs: [["q says 1", "other says 1"], ["other says 1", "q says 2"], []],
};

Deno.test("what nobody was told of may stand or not, and an edited message is the one that was heard", () => {
  assertEquals(plainFaults([good], [left]), []);
});

Deno.test("it is found when a message is there twice, is missing, or was heard with a gap or twice", () => {
  const twice = { ...left, entries: [...entries, { ...entries[0]!, seq: 4 }] };
  assertEquals(plainFaults([{ ...good, runs: [] }], [twice]), ["Room 1, q: “q says 1” is there 2 times."]);
  const missing = { ...good, told: new Set(["q says 3"]) };
  assertEquals(plainFaults([missing], [left]), ["Room 1, q: “q says 3” was told to be there, and is missing."]);
  const gap = { ...good, runs: [["q says 1", "q says 2"]] };
  assertEquals(plainFaults([gap], [left]), ["Room 1, q: heard [1,3], and there is [1,2,3]."]);
  const again = { ...good, runs: [["q says 1", "q says 1"]] };
  assertEquals(plainFaults([again], [left]), ["Room 1, q: heard [1,1], and there is [1]."]);
});
