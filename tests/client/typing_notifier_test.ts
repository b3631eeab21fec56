import { assertEquals } from "@std/assert";
import { TypingNotifier } from "@/lib/client/reporters.ts";

Deno.test("typing is reported at the first key, every three seconds, and at the end", () => {
  const told: boolean[] = [];
  const typist = new TypingNotifier((on) => void told.push(on));
  for (const at of [0, 100, 2_999, 3_000, 3_100]) typist.key(at);
  assertEquals(told, [true, true]);
  typist.stop();
  typist.stop();
  assertEquals(told, [true, true, false]);
});
