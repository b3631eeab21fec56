/**
 * Which nonces a room has seen in the last day. They stand in the log itself, so a post costs one write and no more; in
 * memory a hash leads to the entry, which is read before anything is answered as a repeat.
 *
 * The hashes of {@link BLOCK_SIZE} entries stand together under one key, and a filter of as many as
 * {@link FILTER_CAPACITY} under another. So a writer that is new to a room of a million messages a day reads 61 filters and
 * the last hashes; older hashes are read where a filter can't tell.
 * @module
 */
import { nonceAuthor } from "@/lib/model/names.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";
import { DEDUP_TTL, type DedupBlock, keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import { scan } from "@/lib/store/log/batches.ts";
import { FILTER_CAPACITY, NonceFilter } from "@/lib/store/log/nonce_filter.ts";

/** How many entries have their hashes under one key. */
export const BLOCK_SIZE = 1_024;
/** How long a nonce is remembered, in milliseconds. */
export const DEDUP_WINDOW_MS = 24 * 3_600_000;
const BLOCKS_PER_FILTER = FILTER_CAPACITY / BLOCK_SIZE;
/** Filters that are asked for at once: a day of a busy room. */
const FILTERS_A_READ = 64;
/** No nonce stands there. */
const NONE = 0;

/** What is known already of a hash that {@link DedupIndex.mayHave} found: it's no repeat of these. */
export interface Cleared {
  /** The `seq` of an entry with the same hash and another nonce. */
  readonly seq: number | undefined;
  /** Entries up to this one were looked through. */
  readonly upTo: number;
}

/** A person's nonce as a number from 1 to 2^53. Two nonces may share one, so the entry has to decide. */
export function nonceHash(author: Person, nonce: string): number {
  const text = `${nonceAuthor(author)} ${nonce}`;
  let low = 0x811c9dc5, high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  low ^= high >>> 15;
  high ^= low >>> 13;
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0) + 1;
}

/** The hash of the nonce that made an entry, or 0. */
export function entryHash(entry: StoredEntry): number {
  const isMessage = entry.type === "post" || (entry.type === "delete" && entry.post === entry.seq);
  return isMessage && entry.nonce !== undefined ? nonceHash(entry.by, entry.nonce) : NONE;
}

/** A filter of some entries' nonces. */
interface Filtered {
  readonly index: number;
  /** When the last of them was written. */
  readonly at: number;
  readonly filter: NonceFilter;
}

/** The nonces of one room, up to an entry. */
export class DedupIndex {
  /** The filters of the last day, oldest first. */
  #filters: Filtered[] = [];
  /** The `seq` of each hash after the last filter. */
  #seqs = new Map<number, number>();
  /** The same of the last filter, where it was made here. */
  #before = new Map<number, number>();
  /** The whole blocks after the last filter. */
  #blocks: Float64Array<ArrayBuffer>[] = [];
  /** Hashes of the entries after the last whole block. */
  #open: number[] = [];

  /** Reads which nonces a room has seen in the last day, up to `seq`. */
  static async read(store: LogStore, room: number, seq: number, now: number): Promise<DedupIndex> {
    const index = new DedupIndex(), since = now - DEDUP_WINDOW_MS;
    if (seq === 0) return index;
    const [filters, tail] = await Promise.all([
      readFilters(store, room, since),
      readTail(store, room, seq, since),
    ]);
    const [first, last] = [filters[0]?.index ?? 0, filters.at(-1)?.index ?? -1];
    // Of what an older program has written there are blocks alone.
    const older = first === 0 ? [] : await readBlocks(store, room, 0, first * BLOCKS_PER_FILTER, since);
    const newer = await readBlocks(store, room, (last + 1) * BLOCKS_PER_FILTER, Infinity, since);
    for (const block of older) index.#addBlock(block.index, block.hashes, block.at);
    index.#filters.push(...filters);
    for (const block of newer) index.#addBlock(block.index, block.hashes, block.at);
    for (const entry of tail) index.add(entry.seq, entryHash(entry), entry.at);
    return index;
  }

  /** Whether an entry was perhaps made with a nonce of this hash, beyond those that are cleared. */
  mayHave(hash: number, cleared: Cleared | undefined): boolean {
    const seq = this.#seqs.get(hash) ?? this.#before.get(hash);
    if (seq !== undefined && seq !== cleared?.seq) return true;
    for (let at = this.#filters.length - 1; at >= 0; at--) {
      const { index, filter } = this.#filters[at]!;
      if (cleared && endOf(index) <= cleared.upTo) return false;
      if (filter.mayHave(hash)) return true;
    }
    return false;
  }

  /** The `seq` of the entry that was made with a nonce of this hash. */
  async find(store: LogStore, room: number, hash: number): Promise<number | undefined> {
    const seq = this.#seqs.get(hash) ?? this.#before.get(hash);
    if (seq !== undefined) return seq;
    for (const { index, filter } of this.#filters.toReversed()) {
      if (!filter.mayHave(hash)) continue;
      const from = index * BLOCKS_PER_FILTER;
      for (const block of await readBlocks(store, room, from, from + BLOCKS_PER_FILTER, 0)) {
        const place = block.hashes.indexOf(hash);
        if (place >= 0) return block.index * BLOCK_SIZE + place + 1;
      }
    }
    return undefined;
  }

  /** The `seq` of the last entry that a filter covers, or 0. */
  get filteredUpTo(): number {
    const last = this.#filters.at(-1);
    return last ? endOf(last.index) : 0;
  }

  /** Takes the hash of the next entry, 0 where it has no nonce. */
  add(seq: number, hash: number, at: number): void {
    if (hash !== NONE) this.#seqs.set(hash, seq);
    this.#open.push(hash);
    if (seq % BLOCK_SIZE !== 0) return;
    const block = blockOf(this.#open);
    this.#open = [];
    this.#addBlock(seq / BLOCK_SIZE - 1, block, at);
  }

  /** What a commit writes whose entries with these hashes make a block whole; `seq` is of the first. */
  completed(room: number, seq: number, hashes: readonly number[], at: number): Mutation[] {
    const index = Math.floor((seq - 1) / BLOCK_SIZE), missing = (index + 1) * BLOCK_SIZE - seq + 1;
    if (hashes.length < missing) return [];
    const block = blockOf([...this.#open, ...hashes.slice(0, missing)]);
    const mutations: Mutation[] = [put(keys.dedupBlock(room, index), { at, hashes: block }, DEDUP_TTL)];
    if (isLastOfFilter(index)) {
      const { words } = filterOf([...this.#blocks, block]), key = keys.dedupFilter(room, filterIndex(index));
      mutations.push(put(key, { at, words }, DEDUP_TTL));
    }
    return mutations;
  }

  /** Takes the next whole block. */
  #addBlock(index: number, block: Float64Array<ArrayBuffer>, at: number): void {
    block.forEach((hash, place) => {
      if (hash !== NONE) this.#seqs.set(hash, index * BLOCK_SIZE + place + 1);
    });
    this.#blocks.push(block);
    if (!isLastOfFilter(index)) return;
    this.#filters.push({ index: filterIndex(index), at, filter: filterOf(this.#blocks) });
    this.#filters = this.#filters.filter((filtered) => filtered.at >= at - DEDUP_WINDOW_MS);
    [this.#before, this.#seqs, this.#blocks] = [this.#seqs, new Map(), []];
  }
}

function filterIndex(block: number): number {
  return Math.floor(block / BLOCKS_PER_FILTER);
}

function isLastOfFilter(block: number): boolean {
  return (block + 1) % BLOCKS_PER_FILTER === 0;
}

/** The `seq` of the last entry of a filter. */
function endOf(filter: number): number {
  return (filter + 1) * FILTER_CAPACITY;
}

/** A block that ends with these hashes; entries before them are too old to matter. */
function blockOf(hashes: readonly number[]): Float64Array<ArrayBuffer> {
  const block = new Float64Array(BLOCK_SIZE);
  block.set(hashes, BLOCK_SIZE - hashes.length);
  return block;
}

function filterOf(blocks: readonly Float64Array[]): NonceFilter {
  const filter = new NonceFilter();
  for (const block of blocks) for (const hash of block) if (hash !== NONE) filter.add(hash);
  return filter;
}

/** The entries after the last whole block that were written since, oldest first. */
async function readTail(store: LogStore, room: number, seq: number, since: number): Promise<StoredEntry[]> {
  const tail: StoredEntry[] = [];
  for await (const entry of scan(store, room, { after: seq - seq % BLOCK_SIZE, before: seq + 1, reverse: true })) {
    if (entry.at < since) break;
    tail.push(entry);
  }
  return tail.reverse();
}

async function readFilters(store: LogStore, room: number, since: number): Promise<Filtered[]> {
  const filters: Filtered[] = [];
  const rows = store.list(keys.dedupFilter.under(room), { reverse: true, batch: FILTERS_A_READ });
  for await (const { key, value: { at, words } } of rows) {
    if (at < since) break;
    filters.push({ index: Number(key.at(-1)), at, filter: new NonceFilter(words) });
  }
  return filters.reverse();
}

/** The blocks from one index to before another that were written since, oldest first. */
async function readBlocks(
  store: LogStore,
  room: number,
  from: number,
  end: number,
  since: number,
): Promise<(DedupBlock & { readonly index: number })[]> {
  const blocks: (DedupBlock & { readonly index: number })[] = [];
  const range = keys.dedupBlock.between([room, from], [room, Math.min(end, Number.MAX_SAFE_INTEGER)]);
  for await (const { key, value } of store.list(range, { reverse: true, batch: BLOCKS_PER_FILTER })) {
    if (value.at < since) break;
    blocks.push({ ...value, index: Number(key.at(-1)) });
  }
  return blocks.reverse();
}
