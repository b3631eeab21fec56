/**
 * Which nonces a room has seen in the last day. They stand in the log itself, so a post costs one write and no more; in
 * memory a hash leads to the entry, which is read before anybody is told that it is a repeat.
 *
 * Each {@link SPAN} entries their hashes are kept together under one key, so that a writer that comes new to a room of a
 * million messages reads a thousand small values, and not the messages.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { nonceAuthor } from "@/lib/model/names.ts";
import { type DedupBlock, keys, type StoredEntry } from "@/lib/store/keys.ts";
import { scan } from "@/lib/store/log/batches.ts";
import type { LogStore } from "@/lib/store/kv.ts";

/** How many entries have their hashes under one key. */
export const BLOCK_SIZE = 1_024;
/** How long a nonce is remembered, in milliseconds. */
export const DEDUP_WINDOW_MS = 24 * 3_600_000;

/** A nonce of somebody, as a number from 1 to 2^53. Two nonces may share one, so a hit is only a suspicion. */
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
  return isMessage && entry.nonce !== undefined ? nonceHash(entry.by, entry.nonce) : 0;
}

/** The nonces of one room, up to an entry. */
export class DedupIndex {
  readonly #seqs = new Map<number, number>();
  readonly #spans: DedupBlock[] = [];
  /** Hashes of the entries after the last whole span. */
  #open: number[] = [];

  /** Reads what has been said in a room in the last day, up to `seq`. */
  static async read(store: LogStore, room: number, seq: number, now: number): Promise<DedupIndex> {
    const nonces = new DedupIndex();
    if (seq === 0) return nonces;
    const spans: { first: number; span: DedupBlock }[] = [];
    const rows = store.list(keys.dedupBlock.under(room), { reverse: true });
    for await (const { key, value: span } of rows) {
      if (span.at < now - DEDUP_WINDOW_MS) break;
      spans.push({ first: Number(key.at(-1)) * BLOCK_SIZE + 1, span });
    }
    for (const { first, span } of spans.reverse()) nonces.#keep(first, span);
    for await (const entry of scan(store, room, { after: seq - seq % BLOCK_SIZE, before: seq + 1 })) {
      nonces.add(entry.seq, entryHash(entry), entry.at);
    }
    return nonces;
  }

  /** The `seq` of the entry that was perhaps made with a nonce of this hash. */
  find(hash: number): number | undefined {
    return this.#seqs.get(hash);
  }

  /** Takes the hash of the next entry, 0 where it has no nonce. */
  add(seq: number, hash: number, at: number): void {
    if (hash !== 0) this.#seqs.set(hash, seq);
    this.#open.push(hash);
    if (seq % BLOCK_SIZE !== 0) return;
    this.#spans.push({ at, hashes: Float64Array.from(this.#open) });
    this.#open = [];
    this.#forget(at - DEDUP_WINDOW_MS);
  }

  /** The span that entries with these hashes complete, if they reach its end; `seq` is of the first. */
  completeBlock(
    seq: number,
    hashes: readonly number[],
  ): { index: number; hashes: Float64Array<ArrayBuffer> } | undefined {
    const index = Math.floor((seq - 1) / BLOCK_SIZE), left = BLOCK_SIZE - this.#open.length;
    if (hashes.length < left) return undefined;
    return { index, hashes: Float64Array.from([...this.#open, ...hashes.slice(0, left)]) };
  }

  #keep(first: number, span: DedupBlock): void {
    this.#spans.push(span);
    span.hashes.forEach((hash, index) => {
      if (hash !== 0) this.#seqs.set(hash, first + index);
    });
  }

  #forget(before: number): void {
    while (this.#spans[0] && this.#spans[0].at < before) {
      for (const hash of this.#spans.shift()!.hashes) this.#seqs.delete(hash);
    }
  }
}
