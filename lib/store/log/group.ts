/**
 * A group of appends that go together in one commit, and what they see of the store, read for all of them at once.
 * @module
 */
import type { Key } from "@/lib/store/key.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import type { PendingAppend } from "@/lib/store/log/append.ts";
import { batchAt, entryAt } from "@/lib/store/log/batches.ts";
import { type DedupIndex, entryHash } from "@/lib/store/log/dedup_index.ts";
import type { RoomState } from "@/lib/store/log/room_state.ts";
import { nameOf } from "@/lib/store/log/sequence.ts";

/** The appends, by room. */
export type Group = Map<number, PendingAppend[]>;

/** The states of a group's rooms; null where there is no such room. */
export type States = ReadonlyMap<number, RoomState | null>;

/** Roles of a room that are kept, at most. */
const ROLES_KEPT = 1_000;

/** The values of the appends' `reads`, by {@link nameOf} their keys. */
export async function readValues(store: LogStore, group: Group): Promise<Map<string, unknown>> {
  const reads: Key<unknown>[] = [], values = new Map<string, unknown>();
  for (const all of group.values()) for (const { append } of all) if (append.reads) reads.push(...append.reads);
  if (reads.length === 0) return values;
  const found = await store.getMany(reads);
  reads.forEach((key, index) => values.set(nameOf(key.path), found[index]!.value));
  return values;
}

/** The batches with the appends' targets, by room. */
export async function readBatches(
  store: LogStore,
  group: Group,
): Promise<Map<number, (readonly StoredEntry[])[]>> {
  const batches = new Map<number, (readonly StoredEntry[])[]>();
  await Promise.all([...group].map(async ([room, all]) => {
    const seqs = new Set(all.map(({ append }) => append.target).filter((seq) => seq !== undefined));
    if (seqs.size === 0) return;
    const found = await Promise.all([...seqs].map((seq) => batchAt(store, room, seq)));
    // Batches that were read before and after another instance split one differ: the commit won't hold then.
    const distinct = new Map(found.map((batch) => [`${batch[0]?.seq} to ${batch.at(-1)?.seq}`, batch]));
    batches.set(room, [...distinct.values()]);
  }));
  return batches;
}

/**
 * Reads the roles of the appends' `members` that are not known yet into the states. What is read may be newer than a
 * state's head; then the commit that checks the head fails.
 */
export async function readRoles(store: LogStore, group: Group, states: States): Promise<void> {
  const missing: { room: number; roles: RoomState["roles"]; account: string }[] = [];
  for (const [room, all] of group) {
    const roles = states.get(room)?.roles;
    if (!roles) continue;
    if (roles.size > ROLES_KEPT) roles.clear();
    const accounts = new Set<string>();
    for (const { append: { members = [] } } of all) for (const account of members) accounts.add(account);
    for (const account of accounts) if (!roles.has(account)) missing.push({ room, roles, account });
  }
  if (missing.length === 0) return;
  const found = await store.getMany(missing.map(({ room, account }) => keys.member(room, account)));
  missing.forEach(({ roles, account }, index) => roles.set(account, found[index]!.value?.role ?? null));
}

/** Answers the appends whose nonce was used before. The index may be wrong, so the entry decides. */
export async function answerRepeats(store: LogStore, group: Group, states: States): Promise<void> {
  const lookups: Promise<void>[] = [];
  for (const [room, all] of group) {
    const nonces = states.get(room)?.nonces;
    for (const pending of all) {
      const { hash, cleared } = pending;
      if (hash !== 0 && nonces?.mayHave(hash, cleared)) lookups.push(answerRepeat(store, room, nonces, pending));
    }
  }
  await Promise.all(lookups);
}

async function answerRepeat(store: LogStore, room: number, nonces: DedupIndex, pending: PendingAppend): Promise<void> {
  const { hash, append: { nonce } } = pending, seq = await nonces.find(store, room, hash);
  const entry = seq === undefined ? null : await entryAt(store, room, seq);
  if (entry && "nonce" in entry && entry.nonce === nonce?.value && entryHash(entry) === hash) {
    return pending.resolve({ outcome: "repeated", seq: entry.seq });
  }
  pending.cleared = { seq: entry?.seq, upTo: nonces.filteredUpTo };
}
