/**
 * From an older keyspace to this one, a step for each version. A step may be stopped anywhere and begun again, and two
 * instances may take it at once.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Mutations that one commit of a step holds. */
const BATCH = 500;

/**
 * The steps: the first leads from version 1 to 2. From 2 to 3 there is nothing to do: a row of a log holds several entries
 * since, and those that stand alone are read as they are.
 */
export const MIGRATIONS: readonly ((store: Store) => Promise<void>)[] = [indexPublicRooms];

/** Since version 2 public rooms are listed under a key of their own, beside rooms that are for some alone. */
async function indexPublicRooms(store: Store): Promise<void> {
  const { schema } = keys.room(1);
  let batch: Mutation[] = [];
  for await (const { value: { id, kind } } of store.list(schema, { prefix: ["room"] })) {
    if (kind === "public") batch.push(put(keys.publicRoom(id), true));
    if (batch.length < BATCH) continue;
    await store.commit([], batch);
    batch = [];
  }
  await store.commit([], batch);
}
