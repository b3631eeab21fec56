import { assertEquals } from "@std/assert";
import { Idle } from "@/lib/client/idle.ts";

/** Resolves when somebody is away, or is back. */
function changes(idle: Idle, to: boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = idle.away.subscribe((away) => away === to && queueMicrotask(() => (stop(), resolve())));
  });
}

Deno.test("who does nothing for a while is away, and the first sign brings them back", async () => {
  const idle = new Idle(20), began = performance.now();
  idle.active();
  assertEquals(idle.away.value, false);
  await changes(idle, true);
  assertEquals(performance.now() - began >= 19, true);
  idle.active();
  assertEquals(idle.away.value, false);
  await changes(idle, true);
});

Deno.test("who goes on doing something is not away", async () => {
  const idle = new Idle(30), began = performance.now();
  idle.active();
  // A sign that is later than the first by half the time puts the end off by as much.
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(() => resolve(idle.active()), 15);
  await promise;
  await changes(idle, true);
  assertEquals(performance.now() - began >= 44, true);
});
