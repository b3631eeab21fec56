import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { Semaphore } from "@/lib/chat/semaphore.ts";

Deno.test("two work at once, the others in the order in which they came, also after one that failed", async () => {
  const turns = new Semaphore(2, 100);
  const began: number[] = [];
  const jobs = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const done = jobs.map(({ promise }, index) =>
    turns.run(async () => {
      began.push(index);
      await promise;
      return index;
    })
  );
  assertEquals(began, [0, 1]);
  jobs[1]!.reject(new Error("out of memory"));
  await assertRejects(() => done[1]!, Error, "out of memory");
  assertEquals(began, [0, 1, 2]);
  jobs[0]!.resolve();
  await done[0];
  assertEquals(began, [0, 1, 2, 3]);
  for (const index of [2, 3, 4]) jobs[index]!.resolve();
  assertEquals(await Promise.all(done.slice(2)), [2, 3, 4]);
});

Deno.test("who finds too many waiting is refused at once and told when to try again; later there is room", async () => {
  const turns = new Semaphore(1, 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const working = turns.run(() => promise), waiting = turns.run(() => promise);
  const error = await assertRejects(() => turns.run(() => promise), ChatError);
  assertEquals(error.code, "rate_limited");
  assert(error.retryAfter! > 0);
  resolve();
  await Promise.all([working, waiting]);
  assertEquals(await turns.run(() => Promise.resolve("my turn")), "my turn");
});
