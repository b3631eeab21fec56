/**
 * Stands in for `lib/store/log/log.ts`, with a mutant's log.
 * @module
 */
import { Log as SoundLog } from "@/lib/store/log/log.ts";
import { mutantOf } from "@/tests/mutants/mutants.ts";

export * from "@/lib/store/log/log.ts";

/** The log. */
export const Log: typeof SoundLog = mutantOf(import.meta.url).Log ?? SoundLog;
