/**
 * What a page reports to the server as it happens, and not more often than needed.
 * @module
 */

/** How often typing is reported again, in milliseconds; the server forgets it after 6 s. */
const AGAIN = 3_000;
/** Pause after which typing has ended, in milliseconds. */
const PAUSE = 5_000;

/** Reports that the reader is typing: at the first key, again while it goes on, and when it ends. */
export class TypingNotifier {
  readonly #report: (on: boolean) => void;
  #reported = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param report Reports to the server. */
  constructor(report: (on: boolean) => void) {
    this.#report = report;
  }

  /** A key was pressed, and there is a text. */
  key(now: number = Date.now()): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), PAUSE);
    if (now - this.#reported < AGAIN) return;
    this.#reported = now;
    this.#report(true);
  }

  /** The text was sent or deleted. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#reported === -Infinity) return;
    this.#reported = -Infinity;
    this.#report(false);
  }
}

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
