/**
 * Notices that somebody has gone away: nothing was touched for a while, in no tab of this browser.
 * @module
 */
import { signal } from "@preact/signals";

/** After how long somebody counts as away, in milliseconds. */
export const AWAY_AFTER = 5 * 60_000;
/** How often the other tabs are told, in milliseconds. */
const SHARED_EVERY = 10_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"] as const;

/** Whether the person in front of the page is away. */
export class Idle {
  /** Whether they are. */
  readonly away = signal(false);
  readonly #after: number;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Somebody who has just come. */
  constructor(after = AWAY_AFTER) {
    this.#after = after;
  }

  /** They have done something. */
  active(now: number = Date.now()): void {
    this.#last = now;
    this.away.value = false;
    this.#timer ??= setTimeout(() => this.#look(), this.#after);
  }

  /** Whether nothing was done for so long, asked when that may be. */
  #look(now: number = Date.now()): void {
    this.#timer = undefined;
    const left = this.#last + this.#after - now;
    if (left > 0) this.#timer = setTimeout(() => this.#look(), left);
    else this.away.value = true;
  }

  /** Takes every touch of the page, in this tab and in others, for a sign of life. */
  watch(): void {
    const others = new BroadcastChannel("hubbub.active");
    let shared = Date.now();
    const sign = () => {
      const now = Date.now();
      this.active(now);
      if (now - shared < SHARED_EVERY) return;
      shared = now;
      others.postMessage(true);
    };
    others.addEventListener("message", () => this.active());
    for (const type of SIGNS) addEventListener(type, sign, { passive: true, capture: true });
    this.active();
  }
}
