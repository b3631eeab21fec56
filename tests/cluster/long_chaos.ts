/**
 * `deno task chaos [--minutes N] [--seed S] [--store denokv|embedded]`: chaos after chaos, each with a seed of its own that
 * repeats its plan, over a `denokv` server and over the embedded store in turn, or over one of them. Ends with 1 where a
 * promise was broken.
 * @module
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { chance } from "@/tests/cluster/random.ts";
import { chaos } from "@/tests/cluster/chaos.ts";
import { planOf } from "@/tests/cluster/faults.ts";
import { denokv } from "@/tests/denokv.ts";
import { sentence } from "@/tests/limits.ts";

const WORKLOAD = { writers: 50, rooms: 20, rate: 250, patience: 60_000 };
const LONGEST_MS = 10_000;
/** A single process takes every fault itself, and clients need some time with it in between. */
const PAUSE_MS = { denokv: 1_000, embedded: 2_000 };
const SHOWN = 20;
const INSTANCES = 3;
const ROUNDS = 3;

const { values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" }, store: { type: "string" } },
});
const given = z.object({
  minutes: z.coerce.number().positive("--minutes is a number above 0.").default(10),
  seed: z.coerce.number().int("--seed is a whole number.").default(crypto.getRandomValues(new Uint32Array(1))[0]!),
  store: z.enum(["denokv", "embedded"], "--store is denokv or embedded.").optional(),
}).safeParse(values);
if (!given.success) {
  console.error(given.error.issues.map(({ message }) => message).join(" "));
  Deno.exit(2);
}
const { minutes, seed, store } = given.data, begun = performance.now();
if (denokv === undefined) console.log("Only over the embedded store, as denokv is not installed.");
let broken = 0;
for (let run = 0; performance.now() - begun < minutes * 60_000; run++) {
  try {
    const hasServer = store === undefined ? run % 3 < 2 : store === "denokv";
    broken += await once(seed + run, denokv !== undefined && hasServer);
  } catch (error) {
    broken++;
    console.log(`  It could not be run: ${sentence(error)}`);
  }
}
console.log(broken === 0 ? "Every promise was kept." : `${broken} promises were broken.`);
Deno.exit(broken === 0 ? 0 : 1);

/** Runs one chaos, and returns how many promises it broke. */
async function once(seed: number, hasServer: boolean): Promise<number> {
  const instances = hasServer ? INSTANCES : 1, store = hasServer ? "denokv" : "embedded";
  const begun = performance.now();
  const since = () => `${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s`;
  console.log(`--seed ${seed} --store ${store}: ${instances} instances`);
  const plan = planOf(chance(seed), ROUNDS, { pause: PAUSE_MS[store], longest: LONGEST_MS, instances, hasServer });
  const onFault = (sentence: string) => console.log(`${since()}  ${sentence}`);
  const { violations, entries, arrivals, fullDisk, printed } = await chaos({
    ...WORKLOAD,
    seed,
    plan,
    store,
    instances,
    onFault,
  });
  console.log(
    `${since()}  ${entries} entries, ${arrivals} arrivals, full disk by ${
      fullDisk ?? "nothing"
    }, ${violations.length} promises broken`,
  );
  for (const violation of violations.slice(0, SHOWN)) console.log(`  ${violation.slice(0, 1_000)}`);
  if (violations.length > 0) console.log(printed);
  return violations.length;
}
