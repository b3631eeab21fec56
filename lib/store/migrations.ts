/**
 * From an older keyspace to this one, a step for each version. A step may be stopped anywhere and begun again, and two
 * instances may take it at once.
 * @module
 */
import { z } from "zod";
import { type Mutation, put } from "@/lib/store/commit.ts";
import type { Key } from "@/lib/store/key.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Mentions that an account keeps in a room. */
const MENTIONS_KEPT = 100;

/** The steps: the first leads from version 1 to 2. */
export const MIGRATIONS: readonly ((store: Store) => Promise<void>)[] = [
  indexPublicRooms,
  // A batch of a log holds several entries since; those that stand alone are read as they are.
  () => Promise.resolve(),
  async (store) => {
    await giveKindsPrefixes(store);
    await gatherMentions(store);
    await enqueueSweeps(store);
  },
];

/** Since version 2 public rooms are listed under a key of their own, beside rooms that are for some alone. */
async function indexPublicRooms(store: Store): Promise<void> {
  const listed: Mutation[] = [];
  for await (const { value: { id, kind } } of store.list(keys.room.under())) {
    if (kind === "public") listed.push(put(keys.publicRoom(id), true));
  }
  await store.write(listed);
}

/** Since version 4 every family of keys has a prefix of its own: `["credential", account, "password"]` had not. */
async function giveKindsPrefixes(store: Store): Promise<void> {
  const old = store.list({ prefix: ["credential"], schema: keys.password.schema });
  for await (const { key, value } of old) await move(store, key, keys.password(String(key[1])), value);
  const secret: Key<Uint8Array<ArrayBuffer>> = { path: ["setting", "secret.guest"], schema: keys.secret.schema };
  const { value } = await store.get(secret);
  if (value) await move(store, secret.path, keys.secret("guest"), value);
}

/** Since version 4 an account's mentions in a room are one value, whether they're read or not. */
async function gatherMentions(store: Store): Promise<void> {
  const old = { prefix: ["mention"], schema: z.unknown() };
  let seqs: number[] = [], last: readonly [account: string, room: number] | undefined;
  const gather = async () => {
    if (!last) return;
    const key = keys.mentions(...last);
    await store.commit([{ key: key.path, versionstamp: null }], [put(key, seqs.slice(-MENTIONS_KEPT))]);
  };
  for await (const { key: [, account, room, seq] } of store.list(old)) {
    if (account !== last?.[0] || room !== last?.[1]) {
      await gather();
      [last, seqs] = [[String(account), Number(room)], []];
    }
    seqs.push(Number(seq));
  }
  await gather();
  await store.sweep(old);
}

/** Since version 4 what is left of a deleted room is removed by a job. */
async function enqueueSweeps(store: Store): Promise<void> {
  const old = { prefix: ["sweep"], schema: z.unknown() };
  for await (const { key: [, room] } of store.list(old)) {
    const job = { kind: "sweep_room", payload: { room }, tries: 0, createdAt: 0 };
    await store.commit([], [put(keys.job(0, `room ${String(room)}`), job)]);
  }
  await store.sweep(old);
}

/** Moves a value, unless another instance has. */
async function move<T>(store: Store, from: Deno.KvKey, to: Key<T>, value: T): Promise<void> {
  await store.commit([{ key: to.path, versionstamp: null }], [put(to, value), { type: "delete", key: from }]);
}
