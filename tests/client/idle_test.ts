import { assertEquals } from "@std/assert";
import { Idle } from "@/lib/client/idle.ts";

/** Resolves once `away` has changed to a value. */
function changes(idle: Idle, to: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = idle.away.subscribe((away) => away === to && queueMicrotask(() => (stop(), resolve())));
  });
}

Deno.test("a person without input is away, until the next input", async () => {
  const idle = new Idle(20), began = performance.now();
  idle.active();
  assertEquals(idle.away.value, false);
  await changes(idle, true);
  assertEquals(performance.now() - began >= 19, true);
  idle.active();
  assertEquals(idle.away.value, false);
  await changes(idle, true);
});

Deno.test("further input puts off being away", async () => {
  const idle = new Idle(30), began = performance.now();
  idle.active();
  // A sign that is later than the first by half the time puts the end off by as much.
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(() => resolve(idle.active()), 15);
  await promise;
  await changes(idle, true);
  assertEquals(performance.now() - began >= 44, true);
});
