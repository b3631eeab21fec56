import { assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Key } from "@/lib/store/key.ts";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { Append, Guard } from "@/lib/store/log/append.ts";
import { Log } from "@/lib/store/log/log.ts";
import { alice, bob, openCore } from "@/tests/people.ts";
import { newPost } from "@/tests/simulation/operations.ts";
import { asGuest } from "@/lib/chat/policy.ts";

const member = { ...bob, guest: false };

/** A guard that refuses once something else stands at a key than when it was made. */
async function guardOn(store: Store, key: Key<string>): Promise<Guard & { refreshed: number }> {
  const { value, versionstamp } = await store.get(key);
  const guard = {
    check: { key: key.path, versionstamp },
    refreshed: 0,
    async refresh() {
      const now = await store.get(key);
      guard.refreshed++;
      guard.check = { key: key.path, versionstamp: now.versionstamp };
      if (now.value !== value) throw new ChatError("sign_in");
    },
  };
  return guard;
}

function say(content: string, guard?: Guard): Append {
  return {
    guard,
    members: [member.id],
    build({ seq, at }, { room, roles }) {
      if (room.archived) throw new ChatError("room_archived");
      if (roles.get(member.id) === "banned") throw new ChatError("forbidden");
      const entry = newPost(member, content, content, seq, at);
      return { entry, stored: entry };
    },
  };
}

function become(room: Room, role: Role): Append {
  return {
    mutations: 1,
    build({ seq, at }) {
      const entry = { type: "member", seq, at, by: alice, member, role } as const;
      return {
        entry,
        stored: entry,
        mutations: [put(keys.member(room.id, member.id), { role, person: member, since: 0 })],
      };
    },
  };
}

Deno.test("an append whose guard doesn't hold any more is refused, and its neighbours are committed", async () => {
  await using core = await openCore();
  const { log, store } = core, [one, other] = [keys.signal("one"), keys.signal("other")];
  const [good, bad] = [await guardOn(store, one), await guardOn(store, other)];
  await store.commit([], [put(other, "changed")]);
  const outcomes = await Promise.allSettled([
    log.append(1, say("first", good)),
    log.append(1, say("second", bad)),
    log.append(1, say("third", bad)),
    log.append(1, say("fourth")),
  ]);
  assertEquals(outcomes.map(({ status }) => status), ["fulfilled", "rejected", "rejected", "fulfilled"]);
  assertEquals(bad.refreshed, 1);
  assertEquals((await log.newest(1, 10)).map(({ content }) => content), ["first", "fourth"]);
});

Deno.test("a guard whose key was written, and that holds still, is refreshed, and its append committed", async () => {
  await using core = await openCore();
  const key = keys.signal("one"), guard = await guardOn(core.store, key);
  await core.store.commit([], [put(key, "there"), { type: "delete", key: key.path }]);
  await core.store.commit([], [put(key, "there")]);
  await core.store.commit([], [{ type: "delete", key: key.path }]);
  assertEquals((await core.log.append(1, say("first", guard))).outcome, "committed");
});

Deno.test("a role that another instance gave counts in the next commit here, and so does what it did to the room", async () => {
  await using core = await openCore();
  const { store, log, rooms } = core,
    room = await rooms.create(asGuest(alice), { name: "tea", description: "" });
  const elsewhere = new Log(store, () => undefined), { id } = room;
  assertEquals((await log.append(id, say("allowed"))).outcome, "committed");
  await elsewhere.append(id, become(room, "banned"));
  await assertRejects(() => log.append(id, say("banned")), ChatError, "Not allowed");
  await elsewhere.append(id, become(room, "member"));
  assertEquals((await log.append(id, say("allowed again"))).outcome, "committed");
  await rooms.update(asGuest(alice), room.id, { archived: true });
  await assertRejects(() => elsewhere.append(id, say("archived")), ChatError, "archived");
  await assertRejects(() => log.append(id, say("archived, too")), ChatError, "archived");
  await rooms.update(asGuest(alice), room.id, { archived: false });
  assertEquals((await elsewhere.append(id, say("reopened"))).outcome, "committed");
});
