/**
 * Tells the server how far somebody has read, a moment after they saw it.
 * @module
 */

/** What comes in so many milliseconds is told together. */
export const READ_DELAY = 400;

/** How far one person has read in one room. */
export class Reader {
  readonly #tell: (seq: number) => void;
  readonly #delay: number;
  #seen = 0;
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param tell Tells the server. */
  constructor(tell: (seq: number) => void, delay = READ_DELAY) {
    this.#tell = tell;
    this.#delay = delay;
  }

  /** Everything up to `seq` was in sight. */
  saw(seq: number): void {
    if (seq <= this.#told) return;
    this.#seen = seq;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#told = this.#seen;
      this.#tell(this.#seen);
    }, this.#delay);
  }

  /** What was told may not have arrived: it is told again when it is next in sight. */
  forget(): void {
    this.#told = 0;
  }
}
