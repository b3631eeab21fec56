/**
 * Chaos: clients work while faults are injected, and afterwards everything is held against the promises.
 * @module
 */
import { Harness, type Layout } from "@/tests/cluster/harness.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { Workload, type WorkloadOptions } from "@/tests/cluster/workload.ts";
import { sentence, within } from "@/tests/limits.ts";

/** What is run, and what is injected. */
export interface ChaosOptions extends Layout, WorkloadOptions {
  readonly plan: readonly Planned[];
  /** Called with each fault. */
  readonly onFault?: (sentence: string) => void;
}

/** What came of it. */
export interface Outcome {
  /** Every promise that was broken, in a sentence each. */
  readonly violations: readonly string[];
  readonly entries: number;
  readonly arrivals: number;
  /** How the disk was made full; null where that was not possible. */
  readonly fullDisk: string | null;
  /** What the instances have printed. */
  readonly printed: string;
}

/** The work that has to succeed after the last fault. */
const AFTERWARDS_MS = 1_000;
/** Beside its plan a chaos takes no longer than this. */
const OVERALL_MS = 10 * 60_000;

/** Runs it. What does not recover in time is a violation, too. */
export async function chaos(options: ChaosOptions): Promise<Outcome> {
  await using harness = await Harness.open(options);
  const workload = new Workload(harness, options), lasts = options.plan.reduce((sum, { after }) => sum + after, 0);
  const failures: string[] = [];
  try {
    await within("the chaos to be over", run(harness, workload, options), lasts + OVERALL_MS);
  } catch (error) {
    failures.push(sentence(error));
  } finally {
    workload.abort();
  }
  const { entries, arrivals } = workload, { fullDisk, printed } = harness;
  return {
    violations: [...harness.failures, ...workload.violations, ...failures],
    entries,
    arrivals,
    fullDisk,
    printed,
  };
}

async function run(harness: Harness, workload: Workload, { plan, onFault }: ChaosOptions): Promise<void> {
  await workload.connect();
  workload.begin();
  for (const { after, fault } of plan) {
    await new Promise((resolve) => setTimeout(resolve, after));
    onFault?.(Object.values(fault).join(" "));
    harness.inject(fault);
  }
  await harness.heal();
  await new Promise((resolve) => setTimeout(resolve, AFTERWARDS_MS));
  workload.end();
  // Where an instance is not back there is nothing to verify.
  if (harness.failures.length === 0) await workload.verify();
}
