/**
 * A semaphore: limits how much work runs at once, such as work that takes much memory.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";

/** Seconds until a new try, where too many wait. */
const RETRY_AFTER = 5;

/** Runs so much work at once; the rest waits in order of arrival. */
export class Semaphore {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param atOnce How much runs at once.
   * @param waitingMax How much waits; more is refused.
   */
  constructor(readonly atOnce: number, readonly waitingMax: number) {}

  /** Whether nothing runs, and so nothing waits. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /**
   * Runs the work when its turn comes.
   *
   * @throws {ChatError} `rate_limited` where too much waits already.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.atOnce) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The next one takes over the place, so that nothing that comes now gets in between.
      if (next) next();
      else this.#running--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.waitingMax) {
      const sentence = "The server is busy right now. Try again in a few seconds.";
      throw new ChatError("rate_limited", sentence, { retryAfter: RETRY_AFTER });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
