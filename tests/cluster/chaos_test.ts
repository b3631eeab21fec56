import { assertEquals } from "@std/assert";
import { chance, withSeed } from "@/tests/cluster/random.ts";
import { chaos, type ChaosOptions } from "@/tests/cluster/chaos.ts";
import { planOf } from "@/tests/cluster/faults.ts";
import { testWithDenokv } from "@/tests/denokv.ts";

const SHORT = { writers: 10, rooms: 5, rate: 100, patience: 30_000 };
const FAULTS = { pause: 300, longest: 3_000 };

testWithDenokv("two instances keep every promise while they, their store and the network fail", async () => {
  await withSeed(async (seed) => {
    const plan = planOf(chance(seed), 1, { ...FAULTS, instances: 2, hasServer: true });
    await assertKept({ ...SHORT, seed, plan, store: "denokv", instances: 2 });
  });
});

Deno.test("a process with two isolates keeps every promise while it, its disk and the network fail", async () => {
  await withSeed(async (seed) => {
    const plan = planOf(chance(seed), 1, { ...FAULTS, instances: 1, hasServer: false });
    await assertKept({ ...SHORT, seed, plan, store: "embedded", instances: 1 });
  });
});

async function assertKept(options: ChaosOptions): Promise<void> {
  const { violations, fullDisk, printed } = await chaos(options);
  console.log(fullDisk === null ? "The disk could not be made full here." : `The disk was made full by ${fullDisk}.`);
  assertEquals(violations, [], printed);
}
