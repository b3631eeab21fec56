/**
 * How long to wait before the next attempt.
 * @module
 */

/** First ceiling, in milliseconds. */
export const BACKOFF_BASE = 500;
/** Last ceiling, in milliseconds. */
export const BACKOFF_MAX = 30_000;

/**
 * Exponential with full jitter: anything from nothing to a ceiling that doubles with each attempt, so that the clients of
 * a server that restarts do not come back all at once.
 *
 * @param attempt How many attempts failed before, from 0.
 * @param random A number from 0 up to 1.
 * @returns Milliseconds.
 */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.round(Math.min(BACKOFF_MAX, BACKOFF_BASE * 2 ** attempt) * random);
}
