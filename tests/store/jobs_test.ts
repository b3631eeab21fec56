import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { metrics } from "@/lib/metrics.ts";
import { put } from "@/lib/store/commit.ts";
import { type JobKind, Jobs, type JobsOptions, TRIES_MAX } from "@/lib/store/jobs.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";
import { openStore } from "@/lib/store/open.ts";

const GREET: JobKind<{ readonly name: string }> = { name: "greet", payload: z.object({ name: z.string() }) };

/** An instance that does jobs, and what it did. */
function worker(store: Store, options: JobsOptions = {}) {
  const jobs = new Jobs(store, options), greeted: string[] = [];
  jobs.handle(GREET, ({ name }) => {
    greeted.push(name);
    return Promise.resolve();
  });
  return { jobs, greeted, [Symbol.asyncDispose]: () => jobs.close() };
}

async function rows(store: Store): Promise<{ waiting: number; dead: number }> {
  const [waiting, dead] = await Promise.all(
    [keys.job, keys.deadJob].map(async ({ prefix, schema }) =>
      (await Array.fromAsync(store.list({ prefix, schema }))).length
    ),
  );
  return { waiting: waiting!, dead: dead! };
}

Deno.test("a job is done once after its commit, and never without it", async () => {
  await using store = await openStore(":memory:");
  await using one = worker(store);
  one.jobs.start();
  await store.commit([], [one.jobs.enqueue(GREET, { name: "Ada" })]);
  await one.jobs.idle();
  const check = { key: keys.demo().path, versionstamp: "00000000000000000001" };
  await store.commit([check], [one.jobs.enqueue(GREET, { name: "Ben" })]);
  await one.jobs.idle();
  assertEquals([one.greeted, await rows(store)], [["Ada"], { waiting: 0, dead: 0 }]);
});

Deno.test("more jobs than are done at once are all done, each by one instance", async () => {
  await using store = await openStore(":memory:");
  await using one = worker(store), other = worker(store);
  const names = Array.from({ length: 40 }, (_, index) => `${index}`);
  await store.write(names.map((name) => one.jobs.enqueue(GREET, { name })));
  one.jobs.start();
  other.jobs.start();
  await Promise.all([one.jobs.idle(), other.jobs.idle()]);
  await one.jobs.idle();
  assertEquals([...one.greeted, ...other.greeted].sort(), names.sort());
});

Deno.test("a job that fails is tried again later and later, and becomes a dead letter in the end", async () => {
  await using store = await openStore(":memory:");
  const clock = { now: 1_000_000 }, jobs = new Jobs(store, { now: () => clock.now, backoff: 1_000 });
  const tries: number[] = [], before = metrics.jobs.get("greet dead")?.count ?? 0;
  jobs.handle(GREET, () => {
    tries.push(clock.now);
    return Promise.reject(new Error("as this test wants it"));
  });
  const { error } = console;
  console.error = () => undefined;
  jobs.start();
  await store.commit([], [jobs.enqueue(GREET, { name: "Ada" })]);
  await jobs.idle();
  while (tries.length < TRIES_MAX) {
    const [job] = await Array.fromAsync(store.list(keys.job.under()));
    clock.now = Number(job!.key[1]);
    jobs.start();
    await jobs.idle();
  }
  console.error = error;
  const waits = tries.slice(1).map((at, index) => at - tries[index]!);
  waits.forEach((wait, index) => assert(wait >= 500 * 2 ** index && wait <= 1_501 * 2 ** index, `${waits}`));
  const [dead] = await Array.fromAsync(store.list(keys.deadJob.under()));
  assertEquals([dead?.value.tries, dead?.value.error], [TRIES_MAX, "Error: as this test wants it"]);
  assertEquals([await rows(store), metrics.jobsDead], [{ waiting: 0, dead: 1 }, 1]);
  assertEquals(metrics.jobs.get("greet dead")?.count, before + 1);
  await jobs.close();
});

Deno.test("a job of an instance that died is done by another once its lease has ended", async () => {
  await using store = await openStore(":memory:");
  const clock = { now: 1_000_000 }, now = () => clock.now, dead = new Jobs(store, { now, lease: 60_000 });
  const begun = Promise.withResolvers<void>(), ended = Promise.withResolvers<void>();
  dead.handle(GREET, () => {
    begun.resolve();
    return ended.promise;
  });
  dead.start();
  await store.commit([], [dead.enqueue(GREET, { name: "Ada" })]);
  await begun.promise;
  await using heir = worker(store, { now });
  heir.jobs.start();
  await heir.jobs.idle();
  assertEquals(heir.greeted, []);
  clock.now += 60_001;
  heir.jobs.start();
  await heir.jobs.idle();
  assertEquals(heir.greeted, ["Ada"]);
  ended.resolve();
  await dead.close();
  assertEquals(await rows(store), { waiting: 0, dead: 0 });
});

Deno.test("an instance that stops gives back what it has begun, which counts as no try", async () => {
  await using store = await openStore(":memory:");
  const jobs = new Jobs(store), begun = Promise.withResolvers<void>();
  jobs.handle(GREET, (_, signal) => {
    begun.resolve();
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  jobs.start();
  await store.commit([], [jobs.enqueue(GREET, { name: "Ada" })]);
  await begun.promise;
  await jobs.close();
  const [left] = await Array.fromAsync(store.list(keys.job.under()));
  assertEquals(left?.value.tries, 0);
  await using heir = worker(store);
  heir.jobs.start();
  await heir.jobs.idle();
  assertEquals(heir.greeted, ["Ada"]);
});

Deno.test("a job of a kind that this program doesn't know waits for one that does", async () => {
  await using store = await openStore(":memory:");
  await store.commit([], [put(keys.job(0, "a"), { kind: "later", payload: null, tries: 0, createdAt: 0 })]);
  await using one = worker(store);
  await store.commit([], [one.jobs.enqueue(GREET, { name: "Ada" })]);
  one.jobs.start();
  await one.jobs.idle();
  assertEquals([one.greeted, await rows(store)], [["Ada"], { waiting: 1, dead: 0 }]);
});
