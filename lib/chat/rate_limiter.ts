/**
 * How often somebody may do something: token buckets, in memory, each instance for itself. The time is given.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";

/** A bucket: it holds `burst` tokens, and gets `perSecond` new ones until it is full. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is limited; `postAddress`, `join` and `register` count per address, the others per person. */
export type LimitKind = "post" | "signal" | "postAddress" | "join" | "create" | "register" | "upload" | "search";

/** Full buckets are not kept: each take looks at so many others and forgets those that are full again. */
const LOOKED_AT = 2;
/** Clocks count milliseconds: a fraction of one is not held against anybody. */
const ROUNDING_MS = 1;

/** Counts who did what. */
export class Limits<Kind extends string = LimitKind> {
  readonly #buckets = new Map<Kind, Buckets>();

  /** @param table How fast each kind may go. */
  constructor(readonly table: Readonly<Record<Kind, Rate>>) {}

  /** How many buckets are kept. */
  get size(): number {
    return this.#buckets.values().reduce((sum, buckets) => sum + buckets.size, 0);
  }

  /**
   * Takes a token of this kind from whoever the key names.
   *
   * @param now In milliseconds.
   * @throws {ChatError} `rate_limited`, with the seconds until there is a token again. It costs nothing to be refused.
   */
  take(kind: Kind, key: string, now: number): void {
    let buckets = this.#buckets.get(kind);
    if (!buckets) this.#buckets.set(kind, buckets = new Buckets(this.table[kind]));
    const wait = buckets.take(key, now);
    if (wait === 0) return;
    const retryAfter = Math.ceil(wait) / 1000, seconds = Math.ceil(retryAfter);
    const sentence = `That is too much at once; try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
    throw new ChatError("rate_limited", sentence, { retryAfter });
  }
}

/** The buckets of one kind: one number each, the time at which it will be full again. */
class Buckets {
  readonly #fullAt = new Map<string, number>();
  readonly #tokenMs: number;
  readonly #emptyMs: number;
  #looked = this.#fullAt.entries();

  constructor({ perSecond, burst }: Rate) {
    this.#tokenMs = 1000 / perSecond;
    this.#emptyMs = this.#tokenMs * burst;
  }

  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes a token, or tells how many milliseconds it takes until there is one. */
  take(key: string, now: number): number {
    this.#forget(now);
    const known = this.#fullAt.get(key) ?? now;
    // A clock that was set back must not lock anybody out: no bucket is emptier than empty.
    const fullAt = Math.min(Math.max(known, now), now + this.#emptyMs) + this.#tokenMs;
    const wait = fullAt - now - this.#emptyMs;
    if (wait >= ROUNDING_MS) return wait;
    this.#fullAt.set(key, fullAt);
    return 0;
  }

  #forget(now: number): void {
    for (let count = 0; count < LOOKED_AT; count++) {
      const { done, value } = this.#looked.next();
      if (done) {
        this.#looked = this.#fullAt.entries();
        return;
      }
      const [key, fullAt] = value;
      if (fullAt <= now) this.#fullAt.delete(key);
    }
  }
}
