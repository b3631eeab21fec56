import { assert, assertEquals } from "@std/assert";
import type { Person } from "@/lib/model/person.ts";
import { assertFits, CommitTooLarge, type Mutation, MUTATIONS_MAX, put } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { Append, Appended, Built, Slot } from "@/lib/store/log/append.ts";
import { Log } from "@/lib/store/log/log.ts";
import { openStore } from "@/lib/store/open.ts";
import { around } from "@/tests/store/around.ts";
import { appendOf, newPost, newRoom } from "@/tests/simulation/operations.ts";

const by: Person = { id: "a".repeat(24), name: "Ann", guest: false };
const ROOMS = 150;
const EACH = 300;

/** A log over a store whose every commit is held to what the store takes. */
async function openLog(checks: number) {
  const store = await openStore(":memory:");
  const commits: { checks: number; mutations: number }[] = [];
  const log = new Log(
    around(store, {
      limits: { ...store.limits, checks },
      commit(given, mutations) {
        assertFits(given, mutations, checks);
        commits.push({ checks: given.length, mutations: mutations.length });
        return store.commit(given, mutations);
      },
    }),
    () => undefined,
  );
  await makeRooms(store);
  return { store, log, commits, [Symbol.dispose]: () => store.close() };
}

function makeRooms(store: Store): Promise<void> {
  return store.write(
    Array.from({ length: ROOMS }, (_, index) => [
      put(keys.room(index + 1), newRoom(index + 1)),
      put(keys.head(index + 1), { epoch: "e", seq: 0, posts: 0, at: 0 }),
    ]).flat(),
  );
}

let made = 0;

function seqOf(appended: Appended): number {
  return appended.outcome === "committed" ? appended.entry.seq : 0;
}

/** A post that writes this many values of its own. */
function post(mutations: number, target?: number): Append {
  const number = ++made;
  return {
    ...(target === undefined ? {} : { target }),
    size: 1_000,
    mutations,
    build({ seq, at }) {
      const entry = newPost(by, `nonce ${number}`, "x".repeat(1_000), seq, at);
      return { entry, stored: entry, mutations: bells(number, mutations) };
    },
  };
}

function bells(number: number, count: number): Mutation[] {
  return Array.from({ length: count }, (_, index) => put(keys.signal(`${number} ${index}`), "rung"));
}

function change(kind: "edit" | "delete" | "pin", room: number, target: number): Append {
  const append = appendOf({ kind, name: `${kind} ${++made}`, room, by, target, content: `edit ${made}`, done: false });
  return { ...append, size: 4_000 };
}

function react(room: number, target: number): Append {
  const number = ++made, mark = keys.reaction(room, target, "👍", `person ${number}`);
  return {
    target,
    reads: [mark],
    mutations: 1,
    build({ seq, at }, { target }): Built {
      assert(target?.type === "post");
      const entry = { type: "react", seq, at, by, post: target.seq, emoji: "👍", on: true, count: 1 } as const;
      const { reactions: [before] } = target,
        reaction = { emoji: "👍", count: (before?.count ?? 0) + 1, users: [], by: [] };
      return {
        entry,
        stored: entry,
        targetAfter: { ...target, reactions: [reaction] },
        mutations: [put(mark, by.name)],
      };
    },
  };
}

function become(room: number): Append {
  const member = { ...by, id: `member ${++made}` };
  return {
    members: [member.id],
    mutations: 4,
    build({ seq, at }: Slot) {
      const entry = { type: "member", seq, at, by, member, role: "member" } as const;
      const mutations = [
        put(keys.member(room, member.id), { role: "member", person: member, since: 0 }),
        put(keys.roomOf(member.id, room), true),
        put(keys.read(member.id, room), { seq, posts: 0 }),
        ...bells(made, 1),
      ];
      return { entry, stored: entry, mutations };
    },
  };
}

function describe(room: number): Append {
  const description = `description ${++made}`, name = keys.roomByName(description);
  return {
    reads: [name],
    mutations: 3,
    checks: 1,
    build({ seq, at }, { room: before }) {
      const entry = { type: "room", seq, at, by, name: before.name, description, archived: false } as const;
      return {
        entry,
        stored: entry,
        mutations: [put(keys.room(room), { ...before, description }), put(name, room)],
        checks: [{ key: name.path, versionstamp: null }],
      };
    },
  };
}

const KINDS: readonly [kind: string, append: (room: number, number: number) => Append][] = [
  ["posts that mention 20 people each", () => post(40)],
  ["answers", (_, number) => post(1, number % 8 + 1)],
  ["edits", (room, number) => change("edit", room, number % 8 + 1)],
  ["pins", (room, number) => change("pin", room, number % 8 + 1)],
  ["reactions", (room, number) => react(room, number % 8 + 1)],
  ["changes of roles", (room) => become(room)],
  ["changes of rooms", (room) => describe(room)],
];

for (const checks of [100, 10]) {
  for (const [kind, append] of KINDS) {
    Deno.test(`${EACH} ${kind} at once, in one room and in many, fit into commits with ${checks} checks`, async () => {
      using opened = await openLog(checks);
      const { log, commits } = opened;
      for (let room = 1; room <= ROOMS; room++) for (let seq = 1; seq <= 8; seq++) await log.append(room, post(0));
      commits.length = 0;
      await Promise.all(Array.from({ length: EACH }, (_, number) => log.append(1, append(1, number))));
      await Promise.all(Array.from({ length: EACH }, (_, number) => {
        const room = number % ROOMS + 1;
        return log.append(room, append(room, number));
      }));
      for (const commit of commits) assert(commit.checks <= checks && commit.mutations <= MUTATIONS_MAX);
      assert(commits.length < EACH, `${commits.length} commits, so groups go together`);
    });
  }
}

Deno.test("deletions of messages that mention 20 people each fit into commits", async () => {
  using opened = await openLog(10);
  const { log } = opened;
  await Promise.all(Array.from({ length: EACH }, () => log.append(1, post(40))));
  const deletions = Array.from({ length: EACH }, (_, index) => {
    const deletion = change("delete", 1, index + 1), number = ++made;
    const build: Append["build"] = (...given) => {
      const built = deletion.build(...given);
      return built && { ...built, mutations: bells(number, 41) };
    };
    return log.append(1, { ...deletion, mutations: 41, build });
  });
  assertEquals(new Set((await Promise.all(deletions)).map(({ outcome }) => outcome)), new Set(["committed"]));
});

Deno.test("33 posts with 20 mentions each in one write refuse no post of others beside them", async () => {
  using opened = await openLog(100);
  const { log } = opened;
  const others = Array.from({ length: 863 }, (_, index) => log.append(2 + index % (ROOMS - 1), post(0)));
  const heavy = Array.from({ length: 33 }, () => log.append(1, post(40)));
  assertEquals((await Promise.allSettled([...others, ...heavy])).filter(({ status }) => status === "rejected"), []);
});

Deno.test("an append that makes its commit fail is refused alone, whatever stands beside it", async () => {
  using opened = await openLog(100);
  const { log } = opened;
  const tooMany: Append = { ...post(1_200), mutations: 0 };
  const tooLong: Append = {
    build({ seq, at }) {
      const entry = newPost(by, `nonce ${++made}`, "x".repeat(70_000), seq, at);
      return { entry, stored: entry };
    },
  };
  const first = log.append(1, post(0));
  const beside = Array.from({ length: 40 }, (_, index) => log.append(1 + index % 4, post(0)));
  const culprits = [log.append(1, tooMany), log.append(3, tooLong)];
  const after = Array.from({ length: 40 }, (_, index) => log.append(1 + index % 4, post(0)));
  const [many, long] = await Promise.allSettled(culprits);
  assert(many?.status === "rejected" && many.reason instanceof CommitTooLarge);
  assert(long?.status === "rejected" && long.reason instanceof TypeError);
  const [one, ...others] = await Promise.all([first, ...beside, ...after]);
  for (const [room, offset] of [[1, 0], [2, 1], [3, 2], [4, 3]] as const) {
    const seqs = others.filter((_, index) => index % 4 === offset).map((appended) => seqOf(appended));
    assertEquals(seqs, seqs.toSorted((a, b) => a - b), `room ${room} is in order`);
  }
  assertEquals(seqOf(one!), 1);
  assertEquals(
    (await log.head(1))!.seq + (await log.head(2))!.seq + (await log.head(3))!.seq + (await log.head(4))!.seq,
    81,
  );
});

Deno.test("mutations of one key in one commit are one, and the last wins", async () => {
  using opened = await openLog(100);
  const { log, store, commits } = opened, bell = keys.signal("one");
  await log.append(1, post(0));
  await log.drained();
  const ring = (value: string): Append => ({
    ...post(0),
    mutations: 1,
    build: (slot, context) => ({ ...post(0).build(slot, context)!, mutations: [put(bell, value)] }),
  });
  const first = log.append(2, post(0));
  await Promise.all([first, ...["one", "two", "three"].map((value) => log.append(1, ring(value)))]);
  assertEquals((await store.get(bell)).value, "three");
  // The head, one batch, the bell.
  assertEquals(commits.at(-1), { checks: 1, mutations: 3 });
});
