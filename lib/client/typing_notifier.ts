/**
 * Tells the others that someone types here: at the first key, again while it goes on, and when it ends.
 * @module
 */

/** How often it is said again, in milliseconds; the server forgets it after 6 s. */
const AGAIN = 3_000;
/** After how long a pause it has ended, in milliseconds. */
const PAUSE = 5_000;

/** One person who types, or not. */
export class TypingNotifier {
  readonly #tell: (on: boolean) => void;
  #told = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell Tells the others. */
  constructor(tell: (on: boolean) => void) {
    this.#tell = tell;
  }

  /** A key was pressed, and there is something to send. */
  key(now: number = Date.now()): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), PAUSE);
    if (now - this.#told < AGAIN) return;
    this.#told = now;
    this.#tell(true);
  }

  /** It was sent, or given up. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#told === -Infinity) return;
    this.#told = -Infinity;
    this.#tell(false);
  }
}
