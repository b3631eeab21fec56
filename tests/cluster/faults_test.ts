import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { chance } from "@/tests/cluster/random.ts";
import { planOf } from "@/tests/cluster/faults.ts";

const OPTIONS = { instances: 2, hasServer: true, pause: 100, longest: 3_000 };

Deno.test("the same seed makes the same plan, and another seed another", () => {
  const plan = (seed: number) => planOf(chance(seed), 2, OPTIONS);
  assertEquals(plan(7), plan(7));
  assertNotEquals(plan(7), plan(8));
});

Deno.test("each round has every kind of fault, and none lasts longer than it may", () => {
  const faults = planOf(chance(1), 1, OPTIONS).map(({ fault }) => fault);
  const kinds = ["clock", "cut", "delay", "freeze", "freeze store", "full disk", "kill", "kill store"];
  assertEquals([...new Set(faults.map(({ type }) => type))].sort(), [
    ...kinds,
    "refuse",
    "reorder",
    "replace",
    "stall",
  ]);
  const frozen = faults.flatMap((fault) => fault.type.startsWith("freeze") && "lasts" in fault ? [fault.lasts] : []);
  assertEquals(frozen, [OPTIONS.longest, OPTIONS.longest], "a freeze lasts as long as it may");
  assert(faults.every((fault) => !("lasts" in fault) || fault.lasts <= OPTIONS.longest));
  const alone = planOf(chance(1), 1, { ...OPTIONS, hasServer: false }).map(({ fault }) => fault);
  assert(alone.every((fault) => !fault.type.endsWith(" store") && !("side" in fault && fault.side === "store")));
});
