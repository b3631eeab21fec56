import { assert } from "@std/assert";
import { chaos } from "@/tests/cluster/chaos.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { testWithDenokv } from "@/tests/denokv.ts";
import { mutants, overridesOf } from "@/tests/mutants/mutants.ts";

const SHORT = { seed: 1, store: "denokv", instances: 2, writers: 10, rooms: 2, rate: 100, patience: 2_000 } as const;
/** Whatever is wrong with a commit shows where the store goes away, and where answers are lost. */
const PLAN: readonly Planned[] = [
  { after: 700, fault: { type: "cut", instance: 0, side: "clients", how: "answer", share: 1 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "clients", how: "answer", share: 1 } },
  { after: 300, fault: { type: "kill store", lasts: 200 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "clients", how: "answer", share: 1 } },
  { after: 900, fault: { type: "kill store", lasts: 100 } },
];

testWithDenokv("chaos finds what is wrong with a program in which one thing is wrong", async () => {
  await Promise.all(mutants.map(async (mutant) => {
    const { wrong, chaos: found } = mutant;
    if (!found) return;
    const { violations } = await chaos({ ...SHORT, plan: PLAN, overrides: overridesOf(mutant) });
    assert(violations.some((violation) => found.test(violation)), `${wrong}: ${violations.slice(0, 3).join(" ")}`);
  }));
});
