/**
 * Rate limits: token buckets in memory, each instance for itself. The time is given.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";

/** A token bucket: it holds `burst` tokens, and gets `perSecond` new ones until it's full. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is limited. */
export type LimitKind =
  | "post"
  | "postAddress"
  | "signal"
  | "subscribe"
  | "join"
  | "create"
  | "manage"
  | "register"
  | "signIn"
  | "upload"
  | "search";

/** Kinds that count per address; the others count per person, or per address for those who haven't given a name. */
export const PER_ADDRESS: ReadonlySet<LimitKind> = new Set(["postAddress", "join", "register", "signIn"]);

/** Full buckets aren't kept: each take looks at this many others and forgets those that are full again. */
const LOOKED_AT = 2;
/** Clocks count milliseconds: a fraction of one doesn't count. */
const ROUNDING_MS = 1;

/** The part of an address by which limits count: a customer has a whole /64 of IPv6 addresses. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::"), groups = head === "" ? [] : head.split(":");
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter((group) => group !== "").length;
  const rest = tail?.split(":") ?? [];
  return [...groups, ...Array<string>(zeros).fill("0"), ...rest].slice(0, 4).join(":");
}

/** Counts who did what. */
export class RateLimiter<Kind extends string = LimitKind> {
  readonly #buckets = new Map<Kind, Buckets>();

  /**
   * @param table The rate of each kind.
   * @param scale Multiplies every rate.
   */
  constructor(readonly table: Readonly<Record<Kind, Rate>>, readonly scale = 1) {}

  /** How many buckets are kept. */
  get size(): number {
    return this.#buckets.values().reduce((sum, buckets) => sum + buckets.size, 0);
  }

  /**
   * Takes a token of this kind.
   *
   * @param key Whose bucket it is.
   * @param now In milliseconds.
   * @throws {ChatError} `rate_limited`, with the seconds until there is a token again. A refusal takes no token.
   */
  take(kind: Kind, key: string, now: number): void {
    let buckets = this.#buckets.get(kind);
    if (!buckets) this.#buckets.set(kind, buckets = new Buckets(this.table[kind], this.scale));
    const wait = buckets.take(key, now);
    if (wait === 0) return;
    const retryAfter = Math.ceil(wait) / 1000, seconds = Math.ceil(retryAfter);
    const sentence = `You're going too fast. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
    throw new ChatError("rate_limited", sentence, { retryAfter });
  }
}

/** The buckets of one kind. Each is one number: the time at which it will be full again. */
class Buckets {
  readonly #fullAt = new Map<string, number>();
  readonly #tokenMs: number;
  readonly #emptyMs: number;
  #looked = this.#fullAt.entries();

  constructor({ perSecond, burst }: Rate, scale: number) {
    this.#tokenMs = 1000 / (perSecond * scale);
    this.#emptyMs = this.#tokenMs * burst * scale;
  }

  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes a token, or returns the milliseconds until there is one. */
  take(key: string, now: number): number {
    this.#forget(now);
    const known = this.#fullAt.get(key) ?? now;
    // A clock that was set back must not lock anyone out: no bucket is emptier than empty.
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
