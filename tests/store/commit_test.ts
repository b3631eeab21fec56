import { assert, assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";
import { CommitTooLarge, inCommits, MUTATIONS_MAX } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import { openStore } from "@/lib/store/open.ts";

const counter = keys.accountCounter();

function bells(count: number, value = ""): Mutation[] {
  return Array.from({ length: count }, (_, index) => put(keys.signal(`account ${index}`), value));
}

Deno.test("a commit that holds too much is refused before the platform does, with what there is too much of", async () => {
  await using store = await openStore(":memory:");
  const checks = bells(101).map(({ key }) => ({ key, versionstamp: null }));
  const tooLarge: [() => Promise<unknown>, CommitTooLarge["what"], string][] = [
    [() => store.commit([], bells(1_001)), "mutations", "1001 mutations"],
    [() => store.commit(checks, []), "checks", "101 checks"],
    [() => store.commit([], bells(20, "x".repeat(30_000))), "bytes", "bytes at once"],
    [
      () => store.commit([], bells(900).map((one, index) => ({ ...one, key: ["bell", "x".repeat(90), index] }))),
      "bytes of keys",
      "81920",
    ],
  ];
  for (const [commit, what, sentence] of tooLarge) {
    const error = await assertRejects(commit, CommitTooLarge, sentence);
    assertEquals(error.what, what);
  }
  assert(await store.commit(checks.slice(1), bells(1_000)), "the platform takes what is within the limits");
});

Deno.test("a commit that the platform refuses is no sign of a store that is away", async () => {
  await using store = await openStore(":memory:");
  await assertRejects(() => store.commit([], bells(1, "x".repeat(66_000))), TypeError, "too large");
});

Deno.test("any number of mutations is written in as many commits as it takes", async () => {
  await using store = await openStore(":memory:");
  await store.write(bells(2_500, "x".repeat(1_000)));
  let rows = 0;
  for await (const _ of store.list(keys.signal.under())) rows++;
  assertEquals(rows, 2_500);
  assertEquals([...inCommits(bells(MUTATIONS_MAX + 1))].map(({ length }) => length), [MUTATIONS_MAX, 1]);
  assertEquals([...inCommits([])], []);
});

Deno.test("updates of one key at once all count", async () => {
  await using store = await openStore(":memory:");
  await Promise.all(Array.from({ length: 50 }, () => store.update(counter, (value) => ({ value: (value ?? 0) + 1 }))));
  assertEquals((await store.get(counter)).value, 50);
});

Deno.test("an update can write more with its key, change nothing, delete, or refuse", async () => {
  await using store = await openStore(":memory:");
  const bell = keys.signal("one");
  await store.update(counter, () => ({ value: 7, mutations: [put(bell, "rung")] }));
  assertEquals([(await store.get(counter)).value, (await store.get(bell)).value], [7, "rung"]);
  const { versionstamp } = await store.get(counter);
  assertEquals(await store.update(counter, () => undefined), undefined);
  await assertRejects(
    () =>
      store.update(counter, () => {
        throw new ChatError("forbidden");
      }),
    ChatError,
    "Not allowed",
  );
  assertEquals((await store.get(counter)).versionstamp, versionstamp);
  const { before } = await store.update(counter, (before) => ({ value: null, before }));
  assertEquals([before, (await store.get(counter)).value], [7, null]);
});

Deno.test("an update whose other check never holds gives up", async () => {
  await using store = await openStore(":memory:");
  const checks = [{ key: keys.signal("one").path, versionstamp: "00000000000000000001" }];
  await assertRejects(() => store.update(counter, () => ({ value: 1, checks })), ChatError, "try again");
});
