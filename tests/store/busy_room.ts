/**
 * A room with a day of messages, as the log's writer finds it in the store. Messages before the last block are left out: only
 * their hashes are read.
 * @module
 */
import { put } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";
import { appendedBatches } from "@/lib/store/log/batches.ts";
import { BLOCK_SIZE, DEDUP_WINDOW_MS, nonceHash } from "@/lib/store/log/dedup_index.ts";
import { FILTER_CAPACITY, NonceFilter } from "@/lib/store/log/nonce_filter.ts";
import type { Post } from "@/lib/model/message.ts";
import { alice } from "@/tests/people.ts";
import { newPost, newRoom } from "@/tests/simulation/operations.ts";

/** The nonce of the message at `seq`. */
export function nonceAt(seq: number): string {
  return `nonce ${seq}`;
}

/** Fills a room with messages of the last day, spread evenly. */
export async function fillRoom(store: Store, room: number, count: number): Promise<void> {
  const now = Date.now(), at = (seq: number) => now - DEDUP_WINDOW_MS * (1 - seq / count) + 60_000 * (1 - seq / count);
  const message = (seq: number): Post => newPost(alice, nonceAt(seq), `message ${seq}`, seq, at(seq));
  await store.commit([], [
    put(keys.room(room), newRoom(room)),
    put(keys.head(room), { epoch: "e", seq: count, posts: count, at: now }),
  ]);
  let filter = new NonceFilter();
  for (let index = 0; (index + 1) * BLOCK_SIZE <= count; index++) {
    const end = (index + 1) * BLOCK_SIZE;
    const hashes = Float64Array.from(
      { length: BLOCK_SIZE },
      (_, place) => nonceHash(alice, nonceAt(index * BLOCK_SIZE + place + 1)),
    );
    for (const hash of hashes) filter.add(hash);
    const block = put(keys.dedupBlock(room, index), { at: at(end), hashes });
    // One message of each block stands in the log, to be found by its nonce.
    await store.write([block, ...appendedBatches(room, [message(end - 500)])]);
    if (end % FILTER_CAPACITY !== 0) continue;
    await store.write([put(keys.dedupFilter(room, end / FILTER_CAPACITY - 1), { at: at(end), words: filter.words })]);
    filter = new NonceFilter();
  }
  const tail = count - count % BLOCK_SIZE;
  await store.write(
    appendedBatches(room, Array.from({ length: count - tail }, (_, index) => message(tail + index + 1))),
  );
}
