/**
 * Typing notifications.
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
