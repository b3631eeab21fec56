/**
 * Stands in for `lib/live/feed.ts`, with a mutant's feed.
 * @module
 */
import { Feed as SoundFeed } from "@/lib/live/feed.ts";
import { mutantOf } from "@/tests/mutants/mutants.ts";

export * from "@/lib/live/feed.ts";

/** The feed. */
export const Feed: typeof SoundFeed = mutantOf(import.meta.url).Feed ?? SoundFeed;
