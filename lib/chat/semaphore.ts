/**
 * Work that only a few may do at once, such as what takes much memory.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";

/** Seconds after which somebody who found too many waiting may try again. */
const RETRY_AFTER = 5;

/** Lets so many work at once; the rest wait in the order in which they came. */
export class Semaphore {
  #working = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param atOnce How many may work at once.
   * @param waitingMax How many may wait; who comes after them is refused.
   */
  constructor(readonly atOnce: number, readonly waitingMax: number) {}

  /** Whether nobody works, and so nobody waits. */
  get idle(): boolean {
    return this.#working === 0;
  }

  /**
   * Does the work when its turn comes.
   *
   * @throws {ChatError} `rate_limited` where too many wait already.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working < this.atOnce) this.#working++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Who is next takes over the place, so that nobody who comes now gets in between.
      if (next) next();
      else this.#working--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.waitingMax) {
      throw new ChatError("rate_limited", "Too many people want this right now; try again in a few seconds.", {
        retryAfter: RETRY_AFTER,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
