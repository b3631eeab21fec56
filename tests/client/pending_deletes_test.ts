import { assertEquals } from "@std/assert";
import { PendingDeletes } from "@/lib/client/pending_deletes.ts";
import { settle } from "./sample.ts";

Deno.test("a deletion can be undone for a while", async () => {
  const removed: number[] = [], { promise: over, resolve } = Promise.withResolvers<void>();
  const pendingDeletes = new PendingDeletes((seq) => (removed.push(seq), resolve()), 0);
  pendingDeletes.add(1);
  pendingDeletes.add(2);
  assertEquals([...pendingDeletes.pending.value], [1, 2]);
  pendingDeletes.undo(1);
  // The timer of the first would have run before the second's.
  await over;
  await settle();
  assertEquals(removed, [2]);
  assertEquals([...pendingDeletes.pending.value], []);
});

Deno.test("closing the page deletes pending messages at once", async () => {
  const removed: number[] = [];
  const pendingDeletes = new PendingDeletes((seq) => void removed.push(seq), 60_000);
  pendingDeletes.add(1);
  pendingDeletes.flush();
  await settle();
  assertEquals(removed, [1]);
});

Deno.test("a deleted message stays hidden until the server has answered", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const pendingDeletes = new PendingDeletes(() => promise, 60_000);
  pendingDeletes.add(1);
  pendingDeletes.flush();
  assertEquals([...pendingDeletes.pending.value], [1]);
  resolve();
  await settle();
  assertEquals([...pendingDeletes.pending.value], []);
});
