import { assertEquals } from "@std/assert";
import { backoff, BACKOFF_MAX } from "@/lib/client/connection.ts";

Deno.test("the ceiling of the wait doubles, up to half a minute", () => {
  assertEquals([0, 1, 2, 3].map((attempt) => backoff(attempt, 1)), [500, 1000, 2000, 4000]);
  assertEquals(backoff(50, 1), BACKOFF_MAX);
});

Deno.test("the wait is random up to the ceiling, so that clients don't reconnect together", () => {
  assertEquals(backoff(4, 0), 0);
  assertEquals(backoff(4, 0.5), 4000);
});
