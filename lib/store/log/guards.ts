/**
 * The guards of what was sequenced: checked with its commit, and refreshed where that failed.
 * @module
 */
import type { Check } from "@/lib/store/commit.ts";
import type { Guard, PendingAppend } from "@/lib/store/log/append.ts";
import type { Sequence } from "@/lib/store/log/sequence.ts";

/** What the guards of the appends check, each once. */
export function guardChecks(sequences: readonly Sequence[]): Check[] {
  const checks = new Map<string, Check>();
  for (const { guard } of guarded(sequences)) checks.set(JSON.stringify(guard.check), guard.check);
  return [...checks.values()];
}

/** Refreshes all guards, and refuses the appends of those that don't hold any more. */
export async function refreshGuards(sequences: readonly Sequence[]): Promise<void> {
  const refreshed = new Map<Guard, Promise<void>>();
  await Promise.all([...guarded(sequences)].map(async ({ guard, pending }) => {
    if (!refreshed.has(guard)) refreshed.set(guard, guard.refresh());
    await refreshed.get(guard)?.catch((refusal) => pending.reject(refusal));
  }));
}

function* guarded(sequences: readonly Sequence[]): Generator<{ guard: Guard; pending: PendingAppend }> {
  for (const { sequenced } of sequences) {
    for (const { pending } of sequenced) if (pending.append.guard) yield { guard: pending.append.guard, pending };
  }
}
