/**
 * Messages that their author deleted a moment ago: they are gone from the page, and from the server when the time in which
 * that can be taken back is over.
 * @module
 */
import { signal } from "@preact/signals";

/** How long a deletion can be taken back, in milliseconds. */
export const UNDO_TIME = 8_000;

/** Deletions that can still be taken back. */
export class PendingDeletes {
  /** `seq` of the messages. */
  readonly pending = signal<ReadonlySet<number>>(new Set());
  readonly #remove: (seq: number) => void | Promise<void>;
  readonly #time: number;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** @param remove Deletes a message for good. */
  constructor(remove: (seq: number) => void | Promise<void>, time = UNDO_TIME) {
    this.#remove = remove;
    this.#time = time;
  }

  /** Deletes a message in a moment. */
  add(seq: number): void {
    if (this.#timers.has(seq)) return;
    this.#timers.set(seq, setTimeout(() => this.#commit(seq), this.#time));
    this.#show();
  }

  /** Takes a deletion back. */
  undo(seq: number): void {
    clearTimeout(this.#timers.get(seq));
    this.#timers.delete(seq);
    this.#show();
  }

  /** Deletes all of them now, as the page goes away. */
  flush(): void {
    for (const seq of [...this.#timers.keys()]) this.#commit(seq);
  }

  async #commit(seq: number): Promise<void> {
    clearTimeout(this.#timers.get(seq));
    // Out of sight until the server has answered: the message must not come back for a blink.
    await this.#remove(seq);
    this.#timers.delete(seq);
    this.#show();
  }

  #show(): void {
    this.pending.value = new Set(this.#timers.keys());
  }
}
