import { assert, assertEquals, assertRejects } from "@std/assert";
import { Patience } from "@/lib/store/patience.ts";

const ANSWER_MS = 20;

Deno.test("a call that is not answered ends with an error, and the next ones at once", async () => {
  let gaveUp = 0;
  const patience = new Patience(() => gaveUp++, ANSWER_MS);
  const silent = Promise.withResolvers<string>();
  await assertRejects(() => patience.wait(() => silent.promise), Error, "silent for 20 ms");
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    return Promise.resolve("here");
  };
  await assertRejects(() => patience.wait(ask), Error, "for some time");
  assert(!isAsked, "nobody asks again so soon");
  assertEquals(gaveUp, 1);
  silent.resolve("late");
  await silent.promise;
  assertEquals(await patience.wait(ask), "here");
  patience.close();
});

Deno.test("an answer in time is the answer, and so is an error", async () => {
  let gaveUp = 0;
  const patience = new Patience(() => gaveUp++, ANSWER_MS);
  assertEquals(await patience.wait(() => Promise.resolve(1)), 1);
  await assertRejects(() => patience.wait(() => Promise.reject(new Error("no"))), Error, "no");
  assertEquals(await patience.wait(() => Promise.resolve(2)), 2);
  assertEquals(gaveUp, 0);
  patience.close();
});

Deno.test("while others are answered a call may take longer, but not for ever", async () => {
  const answer = 250, patience = new Patience(() => undefined, answer);
  const others = setInterval(() => patience.wait(() => Promise.resolve()), answer / 10);
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 2 * answer));
  assertEquals(await patience.wait(() => slow), "late");
  await assertRejects(() => patience.wait(() => Promise.withResolvers<void>().promise), Error, "silent");
  clearInterval(others);
  patience.close();
});
