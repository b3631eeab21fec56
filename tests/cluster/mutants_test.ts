import { assert } from "@std/assert";
import { chaos } from "@/tests/cluster/chaos.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { testWithDenokv } from "@/tests/denokv.ts";
import { mutants, overridesOf } from "@/tests/mutants/mutants.ts";

const SHORT = { store: "denokv", instances: 2, writers: 10, rooms: 2, rate: 100, patience: 2_000 } as const;
/** Whatever is wrong with a commit shows where the store goes away, and where answers are lost. */
const PLAN: readonly Planned[] = [
  { after: 700, fault: { type: "cut", instance: 0, side: "clients", how: "answer", share: 1 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "clients", how: "answer", share: 1 } },
  { after: 300, fault: { type: "kill store", lasts: 200 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "clients", how: "answer", share: 1 } },
  { after: 900, fault: { type: "kill store", lasts: 100 } },
];

/** What is wrong shows by chance: a machine that is busy may need more than one try. */
const SEEDS = [1, 2, 3, 4];

testWithDenokv("chaos finds what is wrong with a program in which one thing is wrong", async () => {
  await Promise.all(mutants.map(async (mutant) => {
    const { wrong, chaos: expected } = mutant, seen: string[] = [];
    let isFound = expected === undefined;
    for (const seed of SEEDS) {
      if (isFound) return;
      const { violations } = await chaos({ ...SHORT, seed, plan: PLAN, overrides: overridesOf(mutant) });
      isFound = violations.some((violation) => expected?.test(violation));
      seen.push(...violations.slice(0, 3));
    }
    assert(isFound, `${wrong}: ${seen.join(" ")}`);
  }));
});
