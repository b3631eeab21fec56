import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { chance } from "@/tests/cluster/random.ts";
import { planOf } from "@/tests/cluster/faults.ts";

const CIRCUMSTANCES = { instances: 2, hasServer: true, pause: 100, longest: 3_000 };

Deno.test("a seed makes the same plan each time, and another seed another", () => {
  const plan = (seed: number) => planOf(chance(seed), 2, CIRCUMSTANCES);
  assertEquals(plan(7), plan(7));
  assertNotEquals(plan(7), plan(8));
});

Deno.test("in each round everything goes wrong, and nothing for longer than it may", () => {
  const faults = planOf(chance(1), 1, CIRCUMSTANCES).map(({ fault }) => fault);
  const kinds = ["clock", "cut", "delay", "freeze", "freeze store", "full disk", "jumble", "kill", "kill store"];
  assertEquals([...new Set(faults.map(({ type }) => type))].sort(), [...kinds, "refuse", "replace", "silence"]);
  const frozen = faults.flatMap((fault) => fault.type.startsWith("freeze") && "lasts" in fault ? [fault.lasts] : []);
  assertEquals(frozen, [CIRCUMSTANCES.longest, CIRCUMSTANCES.longest], "who is stopped is so for as long as may be");
  assert(faults.every((fault) => !("lasts" in fault) || fault.lasts <= CIRCUMSTANCES.longest));
  const alone = planOf(chance(1), 1, { ...CIRCUMSTANCES, hasServer: false }).map(({ fault }) => fault);
  assert(alone.every((fault) => !fault.type.endsWith(" store") && !("side" in fault && fault.side === "store")));
});
