import { assertEquals } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import { type Append, PendingAppend } from "@/lib/store/log/append.ts";
import { DedupIndex } from "@/lib/store/log/dedup_index.ts";
import { nameOf, Sequence } from "@/lib/store/log/sequence.ts";
import { newRoom } from "@/tests/simulation/operations.ts";

const alice: Person = { id: "a".repeat(24), name: "Alice", guest: true };
const mark = keys.signal("alice");

/** Deletes what stands at {@link mark}, or is refused where nothing does. */
const take: Append = {
  reads: [mark],
  build({ seq, at }, { values: [before] }) {
    if (before === null) throw new ChatError("message_not_found");
    const entry = { type: "delete", seq, at, by: alice, post: 1 } as const;
    return { entry, stored: entry, mutations: [{ type: "delete", key: mark.path }] };
  },
};

/** Makes something stand there, or has nothing to do where it does. */
const give: Append = {
  reads: [mark],
  build({ seq, at }, { values: [before] }) {
    if (before !== null) return undefined;
    const entry = { type: "delete", seq, at, by: alice, post: 2 } as const;
    return { entry, stored: entry, mutations: [put(mark, "rung")] };
  },
};

/** Says something, where Alice is no more than a member. */
const say: Append = {
  members: [alice.id],
  build({ seq, at }, { room, roles }) {
    if (room.archived) throw new ChatError("room_archived");
    if (roles.get(alice.id) === "banned") throw new ChatError("forbidden");
    const entry = { type: "delete", seq, at, by: alice, post: 2 } as const;
    return { entry, stored: entry };
  },
};

function become(role: Role): Append {
  return {
    build({ seq, at }) {
      const entry = { type: "member", seq, at, by: alice, member: alice, role } as const;
      return { entry, stored: entry };
    },
  };
}

const archive: Append = {
  build({ seq, at }) {
    const entry = { type: "room", seq, at, by: alice, name: "room", description: "", archived: true } as const;
    return { entry, stored: entry };
  },
};

/** Sequences appends together in an empty room, where something stands at {@link mark} or nothing. */
async function sequenced(appends: readonly Append[], before: unknown, role: Role | null = null) {
  const answers: string[] = [], pending = appends.map((append) => new PendingAppend(append, 0));
  pending.forEach(({ appended }, index) =>
    appended.then(({ outcome }) => answers.push(`${index} ${outcome}`), (error) => answers.push(`${index} ${error}`))
  );
  const state = {
    head: { epoch: "e", seq: 0, posts: 0, at: 0 },
    versionstamp: null,
    room: newRoom(1),
    roles: new Map([[alice.id, role]]),
    nonces: new DedupIndex(),
  };
  const sequence = new Sequence(state, { batches: [], values: new Map([[nameOf(mark.path), before]]) }, 0);
  for (const one of pending) sequence.add(one);
  for (const { answer } of sequence.answers) answer();
  await Promise.resolve();
  return {
    sequenced: sequence.sequenced.length,
    deferred: sequence.deferred.map((one) => pending.indexOf(one)),
    answers,
    after: sequence.committed("v1"),
  };
}

Deno.test("an append that is refused because of a change that is not committed yet is built again after it", async () => {
  const { sequenced: count, deferred, answers } = await sequenced([take, take], "a message");
  assertEquals({ count, deferred, answers }, { count: 1, deferred: [1], answers: [] });
});

Deno.test("an append that changes nothing because of one that is not committed yet is built again after it", async () => {
  const { sequenced: count, deferred, answers } = await sequenced([give, give], null);
  assertEquals({ count, deferred, answers }, { count: 1, deferred: [1], answers: [] });
});

Deno.test("what rests on the store alone is answered with the commit", async () => {
  const refused = await sequenced([take], null);
  assertEquals([refused.sequenced, refused.answers], [0, ["0 ChatError: Message not found"]]);
  const unchanged = await sequenced([give, give], "a message");
  assertEquals([unchanged.sequenced, unchanged.answers], [0, ["0 unchanged", "1 unchanged"]]);
});

Deno.test("an append sees the room and the roles as those before it leave them", async () => {
  for (const change of [archive, become("banned")]) {
    const { sequenced: count, deferred } = await sequenced([say, change, say], null);
    assertEquals([count, deferred], [2, [2]]);
  }
  assertEquals((await sequenced([say, become("member"), say], null)).sequenced, 3);
});

Deno.test("what is known of a room after a commit has the changes that it made", async () => {
  const { after: { room, roles, head } } = await sequenced([archive, become("owner")], null, "member");
  assertEquals([room.archived, roles.get(alice.id), head.seq], [true, "owner", 2]);
});
