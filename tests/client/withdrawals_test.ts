import { assertEquals } from "@std/assert";
import { Withdrawals } from "@/lib/client/withdrawals.ts";
import { settle } from "./sample.ts";

Deno.test("a deletion can be taken back for a while", async () => {
  const removed: number[] = [];
  const withdrawals = new Withdrawals((seq) => void removed.push(seq), 5);
  withdrawals.add(1);
  withdrawals.add(2);
  assertEquals([...withdrawals.pending.value], [1, 2]);
  withdrawals.undo(1);
  await new Promise((resolve) => setTimeout(resolve, 15));
  assertEquals(removed, [2]);
  assertEquals([...withdrawals.pending.value], []);
});

Deno.test("a page that goes away deletes at once what it was going to delete", async () => {
  const removed: number[] = [];
  const withdrawals = new Withdrawals((seq) => void removed.push(seq), 60_000);
  withdrawals.add(1);
  withdrawals.flush();
  await settle();
  assertEquals(removed, [1]);
});

Deno.test("a deleted message stays out of sight until the server has answered", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const withdrawals = new Withdrawals(() => promise, 60_000);
  withdrawals.add(1);
  withdrawals.flush();
  assertEquals([...withdrawals.pending.value], [1]);
  resolve();
  await settle();
  assertEquals([...withdrawals.pending.value], []);
});
