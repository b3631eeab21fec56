/**
 * Random numbers that can be repeated.
 * @module
 */

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs a randomized test. `SEED=…` repeats a run; a failure says its seed. */
export async function withSeed(run: (seed: number) => Promise<void>): Promise<void> {
  const seed = Number(Deno.env.get("SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  try {
    await run(seed);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`With SEED=${seed}: ${reason}`, { cause: error });
  }
}

/** The same for a test that only needs numbers. */
export function withChance(run: (random: () => number) => Promise<void>): Promise<void> {
  return withSeed((seed) => run(chance(seed)));
}
