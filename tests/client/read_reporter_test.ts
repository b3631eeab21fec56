import { assertEquals } from "@std/assert";
import { ReadReporter } from "@/lib/client/reporters.ts";

/** A reporter that reports at the end of the turn, and what it has reported. */
function begin() {
  const reported: number[] = [];
  let arrived = Promise.withResolvers<void>();
  const reporter = new ReadReporter((seq) => {
    reported.push(seq);
    arrived.resolve();
    arrived = Promise.withResolvers();
  }, 0);
  return { reporter, reported, next: () => arrived.promise };
}

Deno.test("messages seen in quick succession are reported together, once", async () => {
  const { reporter, reported, next } = begin();
  for (const seq of [1, 2, 3]) reporter.saw(seq);
  await next();
  reporter.saw(3);
  reporter.saw(2);
  const { promise: later, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve);
  await later;
  reporter.saw(4);
  await next();
  assertEquals(reported, [3, 4]);
});

Deno.test("after a lost connection the position is reported again", async () => {
  const { reporter, reported, next } = begin();
  reporter.saw(3);
  await next();
  reporter.reset();
  reporter.saw(3);
  await next();
  assertEquals(reported, [3, 3]);
});
