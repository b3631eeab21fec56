/**
 * Idle detection.
 * @module
 */
import { signal } from "@preact/signals";

/** Time without input after which a person is away, in milliseconds. */
const AWAY_AFTER = 5 * 60_000;
/** How often the other tabs hear of input, in milliseconds. */
const SHARED_EVERY = 10_000;
const EVENTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"] as const;

/** Tells whether a person is away: there was no input for a while, in any tab of the browser. */
export class Idle {
  /** Whether the person is away. */
  readonly away = signal(false);
  readonly #after: number;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param after Time without input, in milliseconds. */
  constructor(after = AWAY_AFTER) {
    this.#after = after;
  }

  /** There was input. */
  active(now: number = Date.now()): void {
    this.#last = now;
    this.away.value = false;
    this.#timer ??= setTimeout(() => this.#check(), this.#after);
  }

  #check(now: number = Date.now()): void {
    this.#timer = undefined;
    const left = this.#last + this.#after - now;
    if (left > 0) this.#timer = setTimeout(() => this.#check(), left);
    else this.away.value = true;
  }

  /** Listens for input in this tab and in the others. */
  watch(): void {
    const others = new BroadcastChannel("hubbub.active");
    let shared = Date.now();
    const input = () => {
      const now = Date.now();
      this.active(now);
      if (now - shared < SHARED_EVERY) return;
      shared = now;
      others.postMessage(true);
    };
    others.addEventListener("message", () => this.active());
    for (const type of EVENTS) addEventListener(type, input, { passive: true, capture: true });
    this.active();
  }
}
