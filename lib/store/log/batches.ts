/**
 * How a room's entries lie in the store. What one commit adds to a room stands together in rows, each under the `seq` of
 * its last entry: so the first row from a `seq` on holds that entry, and a busy room costs few writes and few reads. A row
 * in which something changes is taken apart there; rows are never joined.
 * @module
 */
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import { type Mutation, type Put, put } from "@/lib/store/commit.ts";
import type { LogStore } from "@/lib/store/kv.ts";

/** Entries that a row holds, at most. */
const ROW_MAX = 16;
/** UTF-16 units that the entries of a row have together, at most, unless it is one entry. */
export const BATCH_SIZE = 8_000;
/** What an entry has beside its text, in units. */
export const ENTRY_OVERHEAD = 300;
/** What the id of an account takes, in units. */
const UNITS_PER_MENTION = 14;
/** Bytes of a UTF-16 unit in the store, at most. */
const BYTES_PER_UNIT = 2;
/** Rows that are read at first where nobody knows how many entries they hold. */
const FIRST_ROWS = 10;
const ROWS_A_READ = 500;
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

/** The entries of a stretch, each once, also where rows are taken apart meanwhile. */
export async function* scan(
  store: LogStore,
  room: number,
  { after = 0, before = END, wanted = Infinity, reverse = false }: Range,
): AsyncGenerator<StoredEntry> {
  let low = after + 1, high = Math.min(END, before - 1 + ROW_MAX), last = reverse ? before : after;
  let limit = wanted > ROWS_A_READ ? ROWS_A_READ : FIRST_ROWS, missing = wanted;
  while (true) {
    const range = keys.log.between([room, low], [room, high]);
    let rows = 0, found = 0;
    for await (const { value: row } of store.list(range, { reverse, limit, batch: limit })) {
      rows++;
      // Rows follow one another, so what comes next ends before this one, or begins after it.
      if (reverse) high = row[0]!.seq;
      else low = row.at(-1)!.seq + 1;
      for (const entry of reverse ? row.toReversed() : row) {
        if (reverse ? entry.seq >= last : entry.seq <= last) continue;
        if (reverse ? entry.seq <= after : entry.seq >= before) return;
        last = entry.seq;
        found++;
        yield entry;
      }
    }
    if (rows < limit) return;
    missing -= found;
    limit = Math.max(FIRST_ROWS, Math.min(Math.ceil(missing * rows / Math.max(1, found)), ROWS_A_READ));
  }
}

/** The entry at a `seq`, or null where there is none yet. */
export async function entryAt(store: LogStore, room: number, seq: number): Promise<StoredEntry | null> {
  return (await batchAt(store, room, seq)).find((entry) => entry.seq === seq) ?? null;
}

/** The row that holds the entry at a `seq`; empty where there is none yet. */
export async function batchAt(store: LogStore, room: number, seq: number): Promise<readonly StoredEntry[]> {
  const range = keys.log.between([room, seq], [room, seq + ROW_MAX]);
  for await (const { value: row } of store.list(range, { limit: 1 })) {
    if (row.some((entry) => entry.seq === seq)) return row;
  }
  return [];
}

/** Writes new entries, which follow one another. */
export function appendedBatches(room: number, entries: readonly StoredEntry[]): Mutation[] {
  const rows: StoredEntry[][] = [];
  let row: StoredEntry[] = [], units = 0;
  for (const entry of entries) {
    const more = unitsOf(entry);
    if (row.length === ROW_MAX || (row.length > 0 && units + more > BATCH_SIZE)) {
      rows.push(row);
      row = [];
      units = 0;
    }
    row.push(entry);
    units += more;
  }
  if (row.length > 0) rows.push(row);
  return rows.map((row) => ({
    ...putRow(room, row),
    size: BYTES_PER_UNIT * row.reduce((sum, entry) => sum + unitsOf(entry), 0),
  }));
}

/** Writes a row in which some entries have changed: each of those becomes a row of its own. */
export function splitBatch(
  room: number,
  row: readonly StoredEntry[],
  changed: ReadonlyMap<number, StoredEntry>,
): Mutation[] {
  const rows: StoredEntry[][] = [];
  let isOpen = false;
  for (const entry of row) {
    const now = changed.get(entry.seq);
    if (now) rows.push([now]);
    else if (isOpen) rows.at(-1)!.push(entry);
    else rows.push([entry]);
    isOpen = now === undefined;
  }
  return rows.map((row) => putRow(room, row));
}

function putRow(room: number, row: readonly StoredEntry[]): Put {
  return put(keys.log(room, row.at(-1)!.seq), row);
}

/** UTF-16 units of a new entry, at most. */
function unitsOf(entry: StoredEntry): number {
  if (entry.type !== "post") return ENTRY_OVERHEAD;
  return ENTRY_OVERHEAD + entry.content.length + UNITS_PER_MENTION * (entry.mentions?.length ?? 0);
}
