/**
 * Loaded before every test (`deno test --preload`): one that never ends fails by name, and the next ones go on. `run.ts`
 * runs those that measure time apart from all others: `TIMED=only` leaves the others out, and `TIMED=never` these.
 * @module
 */
import { atMost } from "@/tests/limits.ts";

/** Eight times as long as the longest of them takes on two quiet cores. */
const TEST_MS = 300_000;

type Run = Deno.TestDefinition["fn"];

const register = Deno.test, timed = Deno.env.get("TIMED");

function within(run: Run): Run {
  return async (t) => {
    const { isLate } = await atMost(TEST_MS, (async () => await run(t))());
    if (isLate) throw new Error(`It did not end within ${TEST_MS / 1_000} s.`);
  };
}

function test(name: string, ...[first, second]: [Run] | [Omit<Deno.TestDefinition, "fn" | "name">, Run]): void {
  const isTimed = !(first instanceof Function) && first.retry !== undefined;
  if (timed !== undefined && isTimed !== (timed === "only")) return;
  if (first instanceof Function) register(name, within(first));
  else if (second) register(name, first, within(second));
}

Object.defineProperty(Deno, "test", { value: Object.assign(test, register) });
