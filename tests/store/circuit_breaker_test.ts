import { assert, assertEquals, assertRejects } from "@std/assert";
import { CircuitBreaker } from "@/lib/store/circuit_breaker.ts";

const ANSWER_MS = 20;

Deno.test("a call that is not answered ends with an error, and the next ones at once", async () => {
  let gaveUp = 0;
  const breaker = new CircuitBreaker(() => gaveUp++, ANSWER_MS);
  const silent = Promise.withResolvers<string>();
  await assertRejects(() => breaker.call(() => silent.promise), Error, "silent for 20 ms");
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    return Promise.resolve("here");
  };
  await assertRejects(() => breaker.call(ask), Error, "for some time");
  assert(!isAsked, "the store is not called again so soon");
  assertEquals(gaveUp, 1);
  silent.resolve("late");
  await silent.promise;
  assertEquals(await breaker.call(ask), "here");
  breaker.close();
});

Deno.test("an answer in time is the answer, and so is an error", async () => {
  let gaveUp = 0;
  const breaker = new CircuitBreaker(() => gaveUp++, ANSWER_MS);
  assertEquals(await breaker.call(() => Promise.resolve(1)), 1);
  await assertRejects(() => breaker.call(() => Promise.reject(new Error("no"))), Error, "no");
  assertEquals(await breaker.call(() => Promise.resolve(2)), 2);
  assertEquals(gaveUp, 0);
  breaker.close();
});

Deno.test("while others are answered a call may take longer, but not for ever", async () => {
  const answer = 250, breaker = new CircuitBreaker(() => undefined, answer);
  const others = setInterval(() => breaker.call(() => Promise.resolve()), answer / 10);
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 2 * answer));
  assertEquals(await breaker.call(() => slow), "late");
  await assertRejects(() => breaker.call(() => Promise.withResolvers<void>().promise), Error, "silent");
  clearInterval(others);
  breaker.close();
});
