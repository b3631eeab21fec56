import { assert, assertEquals } from "@std/assert";
import { put, remove } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { Append, Appended } from "@/lib/store/log/append.ts";
import { appendedBatches } from "@/lib/store/log/batches.ts";
import { BLOCK_SIZE, DEDUP_WINDOW_MS } from "@/lib/store/log/dedup_index.ts";
import { Log } from "@/lib/store/log/log.ts";
import { FILTER_CAPACITY, NonceFilter } from "@/lib/store/log/nonce_filter.ts";
import { openStore } from "@/lib/store/open.ts";
import { alice } from "@/tests/people.ts";
import { newPost, newRoom } from "@/tests/simulation/operations.ts";
import { around } from "@/tests/store/around.ts";
import { fillRoom, nonceAt } from "@/tests/store/busy_room.ts";

const DAY = 1_010_000;

/** A log that counts what it reads, by the prefix of the keys. */
function countingLog(store: Store) {
  const rows = new Map<string, number>();
  const log = new Log(
    around(store, {
      async *list(selection, options) {
        for await (const row of store.list(selection, options)) {
          const [prefix] = row.key;
          rows.set(String(prefix), (rows.get(String(prefix)) ?? 0) + 1);
          yield row;
        }
      },
    }),
    () => undefined,
  );
  return { log, rows };
}

function say(nonce: string): Append {
  return {
    nonce: { by: alice, value: nonce },
    build({ seq, at }) {
      const entry = newPost(alice, nonce, nonce, seq, at);
      return { entry, stored: entry };
    },
  };
}

function seqOf(appended: Appended): number | undefined {
  return appended.outcome === "repeated" ? appended.seq : undefined;
}

Deno.test("the first post to a room of a million messages a day reads the filters and the last hashes", async () => {
  await using store = await openStore(":memory:");
  await fillRoom(store, 1, DAY);
  const { log, rows } = countingLog(store);
  assertEquals((await log.append(1, say("the first of this process"))).outcome, "committed");
  const filters = Math.floor(DAY / FILTER_CAPACITY);
  assertEquals(rows.get("nonce_filter"), filters);
  assertEquals(rows.get("nonces"), Math.floor(DAY / BLOCK_SIZE) - filters * (FILTER_CAPACITY / BLOCK_SIZE));
  assert(rows.get("log")! <= BLOCK_SIZE / 16 + 2, `${rows.get("log")} batches`);
  rows.clear();
  await Promise.all(Array.from({ length: 100 }, (_, index) => log.append(1, say(`another ${index}`))));
  assert((rows.get("nonces") ?? 0) <= 5 * 16, "blocks are read for a doubt alone");
  for (
    const seq of [
      BLOCK_SIZE - 500,
      FILTER_CAPACITY - 500,
      40 * FILTER_CAPACITY - 500,
      DAY - DAY % BLOCK_SIZE - 500,
      DAY,
    ]
  ) {
    assertEquals(seqOf(await log.append(1, say(nonceAt(seq)))), seq);
  }
});

Deno.test("a nonce is remembered over a restart, whether its hash stands in a filter, a block or the log alone", async () => {
  await using store = await openStore(":memory:");
  await store.write([put(keys.room(1), newRoom(1)), put(keys.head(1), { epoch: "e", seq: 0, posts: 0, at: 0 })]);
  const total = FILTER_CAPACITY + 2 * BLOCK_SIZE + 100, first = countingLog(store).log;
  await Promise.all(Array.from({ length: total }, (_, index) => first.append(1, say(nonceAt(index + 1)))));
  const seqs = [1, 2_000, FILTER_CAPACITY, FILTER_CAPACITY + 1, FILTER_CAPACITY + BLOCK_SIZE + 1, total - 50, total];
  const repeat = async (log: Log) => {
    for (const seq of seqs) {
      const twice = await Promise.all([log.append(1, say(nonceAt(seq))), log.append(1, say(nonceAt(seq)))]);
      assertEquals(twice.map(seqOf), [seq, seq]);
    }
    assertEquals((await log.head(1))?.seq, total);
  };
  // Where it was made, after a restart, and where an older program has made no filter.
  await repeat(first);
  await repeat(countingLog(store).log);
  await store.commit([], [remove(keys.dedupFilter(1, 0))]);
  await repeat(countingLog(store).log);
});

Deno.test("of two posts with one nonce that a filter can't clear one is stored", async () => {
  await using store = await openStore(":memory:");
  await fillRoom(store, 1, FILTER_CAPACITY + 10);
  const { mayHave } = NonceFilter.prototype, { log } = countingLog(store);
  NonceFilter.prototype.mayHave = () => true;
  try {
    const nonces = ["a", "b", "a", "c", "a", "b"];
    const outcomes = await Promise.all(nonces.map((nonce) => log.append(1, say(nonce))));
    assertEquals(outcomes.filter(({ outcome }) => outcome === "committed").length, 3);
    assertEquals((await log.head(1))?.seq, FILTER_CAPACITY + 13);
  } finally {
    NonceFilter.prototype.mayHave = mayHave;
  }
});

Deno.test("the first post to a quiet room reads no messages of the day before", async () => {
  await using store = await openStore(":memory:");
  const now = Date.now(), old = now - DEDUP_WINDOW_MS - 60_000;
  const message = (seq: number) => newPost(alice, nonceAt(seq), "x", seq, seq > 900 ? now - 60_000 : old);
  await store.write([
    put(keys.room(1), newRoom(1)),
    put(keys.head(1), { epoch: "e", seq: 903, posts: 903, at: now - 60_000 }),
    ...Array.from({ length: 903 }, (_, index) => appendedBatches(1, [message(index + 1)])[0]!),
  ]);
  const { log, rows } = countingLog(store);
  assertEquals(seqOf(await log.append(1, say(nonceAt(902)))), 902);
  assert(rows.get("log")! <= 10, `${rows.get("log")} batches`);
  await Promise.all(Array.from({ length: 200 }, (_, index) => log.append(1, say(`new ${index}`))));
  // The block that they made whole has those of the day, each in its place.
  const again = countingLog(store).log;
  assertEquals([seqOf(await again.append(1, say(nonceAt(902)))), seqOf(await again.append(1, say("new 120")))], [
    902,
    1_024,
  ]);
});
