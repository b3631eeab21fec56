/**
 * The batches in which a room's entries are stored. What one commit adds to a room stands together, under the `seq` of the
 * last entry of each batch: so the first batch from a `seq` on holds that entry, and a busy room costs few writes and few
 * reads. A batch in which an entry changes is split there; batches are never joined.
 * @module
 */
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import { type Mutation, type Put, put } from "@/lib/store/commit.ts";
import type { LogStore } from "@/lib/store/kv.ts";

/** Entries of a batch, at most. */
const BATCH_MAX = 16;
/** UTF-16 units of the entries of a batch, at most, unless it's one entry. */
export const BATCH_SIZE = 8_000;
/** UTF-16 units of an entry beside its text. */
export const ENTRY_OVERHEAD = 300;
/** UTF-16 units of an account's id. */
const UNITS_PER_MENTION = 14;
/** Bytes of a UTF-16 unit in the store, at most. */
const BYTES_PER_UNIT = 2;
/** Batches of the first read, when it isn't known how many entries they hold. */
const FIRST_READ = 10;
const BATCHES_A_READ = 500;
const END = Number.MAX_SAFE_INTEGER;

/** Which entries, and how many of them the reader is likely to take. */
export interface Range {
  /** The `seq` after which they begin. */
  readonly after?: number;
  /** The `seq` before which they end. */
  readonly before?: number;
  readonly wanted?: number;
  /** Newest first. */
  readonly reverse?: boolean;
}

/** The entries of a range, each once, also where batches are split meanwhile. */
export async function* scan(
  store: LogStore,
  room: number,
  { after = 0, before = END, wanted = Infinity, reverse = false }: Range,
): AsyncGenerator<StoredEntry> {
  let low = after + 1, high = Math.min(END, before - 1 + BATCH_MAX), last = reverse ? before : after;
  let limit = wanted > BATCHES_A_READ ? BATCHES_A_READ : FIRST_READ, missing = wanted;
  while (true) {
    const range = keys.log.between([room, low], [room, high]);
    let batches = 0, found = 0;
    for await (const { value: batch } of store.list(range, { reverse, limit, batch: limit })) {
      batches++;
      // Batches follow one another, so the next one ends before this one, or begins after it.
      if (reverse) high = batch[0]!.seq;
      else low = batch.at(-1)!.seq + 1;
      for (const entry of reverse ? batch.toReversed() : batch) {
        if (reverse ? entry.seq >= last : entry.seq <= last) continue;
        if (reverse ? entry.seq <= after : entry.seq >= before) return;
        last = entry.seq;
        found++;
        yield entry;
      }
    }
    if (batches < limit) return;
    missing -= found;
    limit = Math.max(FIRST_READ, Math.min(Math.ceil(missing * batches / Math.max(1, found)), BATCHES_A_READ));
  }
}

/** The entry at a `seq`, or null where there is none yet. */
export async function entryAt(store: LogStore, room: number, seq: number): Promise<StoredEntry | null> {
  return (await batchAt(store, room, seq)).find((entry) => entry.seq === seq) ?? null;
}

/** The batch that holds the entry at a `seq`; empty where there is none yet. */
export async function batchAt(store: LogStore, room: number, seq: number): Promise<readonly StoredEntry[]> {
  const range = keys.log.between([room, seq], [room, seq + BATCH_MAX]);
  for await (const { value: batch } of store.list(range, { limit: 1 })) {
    if (batch.some((entry) => entry.seq === seq)) return batch;
  }
  return [];
}

/** Writes new entries, which follow one another. */
export function appendedBatches(room: number, entries: readonly StoredEntry[]): Mutation[] {
  const batches: StoredEntry[][] = [];
  let batch: StoredEntry[] = [], units = 0;
  for (const entry of entries) {
    const more = unitsOf(entry);
    if (batch.length === BATCH_MAX || (batch.length > 0 && units + more > BATCH_SIZE)) {
      batches.push(batch);
      batch = [];
      units = 0;
    }
    batch.push(entry);
    units += more;
  }
  if (batch.length > 0) batches.push(batch);
  return batches.map((batch) => ({
    ...putBatch(room, batch),
    size: BYTES_PER_UNIT * batch.reduce((sum, entry) => sum + unitsOf(entry), 0),
  }));
}

/** Writes a batch in which some entries have changed: each of those becomes a batch of its own. */
export function splitBatch(
  room: number,
  batch: readonly StoredEntry[],
  changed: ReadonlyMap<number, StoredEntry>,
): Mutation[] {
  const batches: StoredEntry[][] = [];
  let isOpen = false;
  for (const entry of batch) {
    const now = changed.get(entry.seq);
    if (now) batches.push([now]);
    else if (isOpen) batches.at(-1)!.push(entry);
    else batches.push([entry]);
    isOpen = now === undefined;
  }
  return batches.map((batch) => putBatch(room, batch));
}

function putBatch(room: number, batch: readonly StoredEntry[]): Put {
  return put(keys.log(room, batch.at(-1)!.seq), batch);
}

/** UTF-16 units of a new entry, at most. */
function unitsOf(entry: StoredEntry): number {
  if (entry.type !== "post") return ENTRY_OVERHEAD;
  return ENTRY_OVERHEAD + entry.content.length + UNITS_PER_MENTION * (entry.mentions?.length ?? 0);
}
