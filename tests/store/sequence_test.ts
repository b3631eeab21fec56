import { assertEquals } from "@std/assert";
import type { Person } from "@/lib/model/person.ts";
import { ChatError } from "@/lib/errors.ts";
import { type Append, nameOf, type PendingAppend, sequence } from "@/lib/store/log/sequence.ts";
import { keys } from "@/lib/store/keys.ts";
import { DedupIndex } from "@/lib/store/log/dedup_index.ts";
import { put } from "@/lib/store/kv.ts";

const alice: Person = { id: "a".repeat(24), name: "Alice", guest: true };
const mark = keys.bell("alice");

/** Deletes what stands at {@link mark}, or is refused where nothing does. */
const take: Append = {
  reads: [mark],
  build({ seq, at }, [access]) {
    if (access === null) throw new ChatError("message_not_found");
    const entry = { type: "delete", seq, at, by: alice, post: 1 } as const;
    return { entry, stored: entry, mutations: [{ type: "delete", key: mark.path }] };
  },
};

/** Makes something stand there, or has nothing to do where it does. */
const give: Append = {
  reads: [mark],
  build({ seq, at }, [access]) {
    if (access !== null) return undefined;
    const entry = { type: "delete", seq, at, by: alice, post: 2 } as const;
    return { entry, stored: entry, mutations: [put(mark, "rung")] };
  },
};

/** Places drafts together in an empty room, where something stands at {@link mark} or nothing. */
function placed(drafts: readonly Append[], access: unknown) {
  const answers: string[] = [];
  const waiting = drafts.map((draft, index): PendingAppend => ({
    append: draft,
    since: 0,
    hash: 0,
    isNew: false,
    resolve: ({ outcome }) => answers.push(`${index} ${outcome}`),
    reject: (error) => answers.push(`${index} ${error}`),
  }));
  const known = { head: { epoch: "e", seq: 0, posts: 0, at: 0 }, versionstamp: null, nonces: new DedupIndex() };
  const { placed, suspected } = sequence(
    1,
    known,
    waiting,
    { rows: [], values: new Map([[nameOf(mark.path), access]]) },
    0,
  );
  return { placed: placed.length, waits: suspected.map((one) => waiting.indexOf(one)), answers };
}

Deno.test("nobody is refused because of a change that is not committed yet: they are asked again after it", () => {
  assertEquals(placed([take, take], "a message"), { placed: 1, waits: [1], answers: [] });
});

Deno.test("nobody is told that it is so already before it is committed", () => {
  assertEquals(placed([give, give], null), { placed: 1, waits: [1], answers: [] });
});

Deno.test("what rests on the store alone is answered at once", () => {
  assertEquals(placed([take], null), {
    placed: 0,
    waits: [],
    answers: ["0 ChatError: Message not found"],
  });
  assertEquals(placed([give, give], "a message"), { placed: 0, waits: [], answers: ["0 unchanged", "1 unchanged"] });
});
