import type { StoreLimits } from "@/lib/store/kv.ts";
import { BATCH_SIZE, ENTRY_OVERHEAD } from "@/lib/store/log/batches.ts";
import type { Append, PendingAppend } from "@/lib/store/log/append.ts";

/** Entries of one commit, at most. */
export const ENTRIES_MAX = 400;
/** UTF-16 units of one commit, which become at most two bytes each; with the rest they stay under 800 KiB. */
const SIZE_MAX = 200_000;
const MUTATIONS_MAX = 900;
/** The head, and a block and a filter of nonces. */
const MUTATIONS_PER_ROOM = 3;
/** A change of an entry may write the whole batch of it, in three parts. */
const MUTATIONS_PER_TARGET = 3;

/** Counts what the next commit holds, so that it stays within what the store takes. */
export class GroupBudget {
  #entries: number;
  #size = SIZE_MAX;
  #mutations = MUTATIONS_MAX;
  #checks: number;
  readonly #guards = new Set<string>();
  #isEmpty = true;

  /** @param limits What the store takes. */
  constructor({ checks }: StoreLimits, entries: number) {
    this.#checks = checks;
    this.#entries = entries;
  }

  /** Counts appends to one more room, as many as there is place for, and returns how many; always one where it's empty. */
  take(pending: readonly PendingAppend[]): number {
    this.#checks--;
    this.#mutations -= MUTATIONS_PER_ROOM;
    let taken = 0;
    for (const { append } of pending) {
      this.#count(append);
      if (this.isFull && !this.#isEmpty) break;
      this.#isEmpty = false;
      taken++;
    }
    return taken;
  }

  /** Whether it holds all that it can. */
  get isFull(): boolean {
    return Math.min(this.#entries, this.#size, this.#mutations, this.#checks) < 0;
  }

  #count({ target, size = 0, mutations = 0, checks = 0, guard }: Append): void {
    this.#entries--;
    this.#size -= ENTRY_OVERHEAD + size;
    this.#mutations -= 1 + mutations;
    this.#checks -= checks;
    if (target !== undefined) {
      this.#size -= BATCH_SIZE;
      this.#mutations -= MUTATIONS_PER_TARGET;
    }
    if (!guard) return;
    const name = JSON.stringify(guard.check);
    if (this.#guards.has(name)) return;
    this.#guards.add(name);
    this.#checks--;
  }
}
