/**
 * Random numbers, time, and everything that is still to happen: nothing happens in a simulation but what is picked here,
 * so a seed decides everything.
 * @module
 */
import { setImmediate } from "node:timers";
import { chance } from "@/tests/cluster/random.ts";

/** The owner of pending events: when it is dropped, so are they. */
export interface Owner {
  readonly name: string;
}

interface Pending {
  readonly owner: Owner;
  readonly what: string;
  readonly due: number;
  readonly happen: () => void;
  readonly onDrop: (() => void) | undefined;
}

/** How much time passes between two things that happen, in milliseconds, at most. */
const TICK_MS = 20;

/** Picks what happens next. */
export class Scheduler {
  /** The time, in milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);
  readonly #random: () => number;
  #pending: Pending[] = [];

  /** @param note Called with each thing that happens. */
  constructor(seed: number, readonly note: (line: string) => void) {
    this.#random = chance(seed);
  }

  /** Whether nothing is still to happen. */
  get idle(): boolean {
    return this.#pending.length === 0;
  }

  /** Whether something that happens in this share of all cases happens now. */
  happens(share: number): boolean {
    return this.#random() < share;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** One of these. */
  pick<T>(choices: readonly T[]): T | undefined {
    return choices[this.below(choices.length)];
  }

  /**
   * Adds something that happens at any time after `wait` milliseconds.
   *
   * @param onDrop Called when its owner is dropped.
   */
  add(owner: Owner, what: string, happen: () => void, { wait = 0, onDrop }: {
    wait?: number;
    onDrop?: () => void;
  } = {}): void {
    this.#pending.push({ owner, what, due: this.now + wait, happen, onDrop });
  }

  /** Nothing of this owner happens any more. */
  drop(owner: Owner): void {
    const dropped = this.#pending.filter((pending) => pending.owner === owner);
    if (dropped.length === 0) return;
    this.#pending = this.#pending.filter((pending) => pending.owner !== owner);
    for (const { onDrop } of dropped) onDrop?.();
  }

  /** Makes one thing happen, and waits for all that follows from it by itself. */
  async step(): Promise<void> {
    const index = this.below(this.#pending.length), next = this.#pending[index];
    if (!next) return;
    this.#pending[index] = this.#pending.at(-1)!;
    this.#pending.pop();
    this.now = Math.max(this.now + this.below(TICK_MS), next.due);
    this.note(`${next.owner.name}: ${next.what}`);
    next.happen();
    await settled();
  }
}

/** Resolves once nothing more follows by itself. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
