import { assertEquals } from "@std/assert";
import type { FinalState, SeenEntry } from "@/tests/cluster/history.ts";
import { type PlainHistory, plainViolations } from "@/tests/cluster/plain_client.ts";

const entries: readonly SeenEntry[] = ["q says 1", "other says 1, or rather 2", "q says 2"].map((content, index) => {
  return { seq: index + 1, kind: "post", id: index + 1, by: "q", content };
});
const final: FinalState = { room: 1, entries, posts: [], connected: [], listed: [], unread: [] };
const good: PlainHistory = {
  client: "q",
  room: 1,
  sent: ["q says 1", "q says 2", "q says 3"],
  acknowledged: new Set(["q says 1"]),
  runs: [["q says 1", "other says 1"], ["other says 1", "q says 2"], []],
};

Deno.test("a message without an answer may stand or not, and an edited message is the one that was seen", () => {
  assertEquals(plainViolations([good], [final]), []);
});

Deno.test("the oracle finds it when a message is stored twice, is missing, or was seen with a gap or twice", () => {
  const twice = { ...final, entries: [...entries, { ...entries[0]!, seq: 4 }] };
  assertEquals(plainViolations([{ ...good, runs: [] }], [twice]), ["Room 1, q: “q says 1” is stored 2 times."]);
  const missing = { ...good, acknowledged: new Set(["q says 3"]) };
  assertEquals(plainViolations([missing], [final]), ["Room 1, q: “q says 3” was acknowledged, and is missing."]);
  const gap = { ...good, runs: [["q says 1", "q says 2"]] };
  assertEquals(plainViolations([gap], [final]), ["Room 1, q: saw [1,3], and the log has [1,2,3]."]);
  const again = { ...good, runs: [["q says 1", "q says 1"]] };
  assertEquals(plainViolations([again], [final]), ["Room 1, q: saw [1,1], and the log has [1]."]);
});
