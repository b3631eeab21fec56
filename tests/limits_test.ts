import { assertEquals, assertRejects } from "@std/assert";
import { ask, eventually, within } from "@/tests/limits.ts";

const never = new Promise<never>(() => undefined);

Deno.test("a missed deadline names what was awaited, and its last failure", async () => {
  assertEquals(await within("the sun", Promise.resolve("here")), "here");
  await assertRejects(() => within("the moon", never, 10), Error, "waiting for the moon");
  let tries = 0;
  const third = () => ++tries < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve(tries);
  assertEquals(await eventually("the third", third), 3);
  await assertRejects(() => eventually("the moon", () => Promise.reject(new Error("Clouds")), 10), Error, "Clouds");
  await assertRejects(() => eventually("the moon", () => never, 10), Error, "Timed out waiting for the moon");
});

Deno.test("a server that accepts a request and never responds isn't waited for", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked = () => ask(`http://127.0.0.1:${listener.addr.port}/stats`, {}, 50);
  await assertRejects(asked, Error, "Timed out waiting for GET /stats to be answered");
});
