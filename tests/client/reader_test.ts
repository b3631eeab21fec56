import { assertEquals } from "@std/assert";
import { Reader } from "@/lib/client/reader.ts";

/** A reader who tells at the end of the turn, and what was told. */
function begin() {
  const told: number[] = [];
  let arrived = Promise.withResolvers<void>();
  const reader = new Reader((seq) => {
    told.push(seq);
    arrived.resolve();
    arrived = Promise.withResolvers();
  }, 0);
  return { reader, told, next: () => arrived.promise };
}

Deno.test("what comes in quickly is told as read together, and once", async () => {
  const { reader, told, next } = begin();
  for (const seq of [1, 2, 3]) reader.saw(seq);
  await next();
  reader.saw(3);
  reader.saw(2);
  const { promise: later, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve);
  await later;
  reader.saw(4);
  await next();
  assertEquals(told, [3, 4]);
});

Deno.test("after a lost connection it is told again", async () => {
  const { reader, told, next } = begin();
  reader.saw(3);
  await next();
  reader.forget();
  reader.saw(3);
  await next();
  assertEquals(told, [3, 3]);
});
