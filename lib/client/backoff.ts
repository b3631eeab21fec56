/**
 * Exponential backoff.
 * @module
 */

/** Longest wait before the first attempt, in milliseconds. */
export const BACKOFF_BASE = 500;
/** Longest wait of all, in milliseconds. */
export const BACKOFF_MAX = 30_000;

/**
 * Exponential backoff with full jitter: anything from nothing to a ceiling that doubles with each attempt, so that the
 * clients of a server that restarts don't all reconnect at once.
 *
 * @param attempt How many attempts have failed.
 * @param random A number from 0 up to 1.
 * @returns Milliseconds.
 */
export function backoff(attempt: number, random: number = Math.random()): number {
  return Math.round(Math.min(BACKOFF_MAX, BACKOFF_BASE * 2 ** attempt) * random);
}
