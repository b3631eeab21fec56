/**
 * Deletions with undo.
 * @module
 */
import { signal } from "@preact/signals";

/** How long a deletion can be undone, in milliseconds. */
const UNDO_TIME = 8_000;

/** Messages that are gone from the page, and from the server once that can't be undone any more. */
export class PendingDeletes {
  /** `seq` of the messages. */
  readonly pending = signal<ReadonlySet<number>>(new Set());
  readonly #remove: (seq: number) => void | Promise<void>;
  readonly #time: number;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** @param remove Deletes a message on the server. */
  constructor(remove: (seq: number) => void | Promise<void>, time = UNDO_TIME) {
    this.#remove = remove;
    this.#time = time;
  }

  /** Deletes a message after the time for undo. */
  add(seq: number): void {
    if (this.#timers.has(seq)) return;
    this.#timers.set(seq, setTimeout(() => this.#commit(seq), this.#time));
    this.#show();
  }

  /** Undoes a deletion. */
  undo(seq: number): void {
    clearTimeout(this.#timers.get(seq));
    this.#timers.delete(seq);
    this.#show();
  }

  /** Deletes all of them now. */
  flush(): void {
    for (const seq of [...this.#timers.keys()]) this.#commit(seq);
  }

  async #commit(seq: number): Promise<void> {
    clearTimeout(this.#timers.get(seq));
    // Hidden until the server has answered, so that the message doesn't flash up again.
    await this.#remove(seq);
    this.#timers.delete(seq);
    this.#show();
  }

  #show(): void {
    this.pending.value = new Set(this.#timers.keys());
  }
}
