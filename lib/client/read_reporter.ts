/**
 * Read marks.
 * @module
 */

/** What is seen within this time is reported together, in milliseconds. */
const DELAY = 400;

/** Reports how far an account has read in one room, a moment after it was seen. */
export class ReadReporter {
  readonly #report: (seq: number) => void;
  readonly #delay: number;
  #seen = 0;
  #reported = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param report Reports to the server. */
  constructor(report: (seq: number) => void, delay = DELAY) {
    this.#report = report;
    this.#delay = delay;
  }

  /** Everything up to `seq` was in view. */
  saw(seq: number): void {
    if (seq <= this.#reported) return;
    this.#seen = seq;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#reported = this.#seen;
      this.#report(this.#seen);
    }, this.#delay);
  }

  /** The last report may have been lost with the connection: what is seen next is reported again. */
  reset(): void {
    this.#reported = 0;
  }
}
