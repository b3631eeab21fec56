/**
 * How long we wait for a store. A `denokv` server that is away is asked again and again by the runtime, for ever; people
 * are told after some seconds that it does not answer, and while it stays away others are told at once.
 * @module
 */

/** So long a store may be silent, in milliseconds: longer than a call that waits for a file which others hold. */
const ANSWER_MS = 6_000;
/** While others are answered it is we who have too much to do, and a call may take so many times as long. */
const BUSY_TIMES = 5;
/** While the store is away one call in so many milliseconds asks all the same: those under way may never tell. */
const PROBE_MS = 5_000;

/** A call under way. */
interface Asked {
  readonly since: number;
  giveUp(): void;
}

/** Waits for one store. */
export class CircuitBreaker {
  readonly #gaveUp: () => void;
  readonly #answer: number;
  /** The oldest first. */
  readonly #asked = new Set<Asked>();
  /** One for all calls: it goes as long as there are some. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #away = false;
  #probedAt = 0;
  #answeredAt = 0;

  /**
   * @param gaveUp Called when a call took too long.
   * @param answer So long the store may be silent, in milliseconds.
   */
  constructor(gaveUp: () => void, answer = ANSWER_MS) {
    this.#gaveUp = gaveUp;
    this.#answer = answer;
  }

  /**
   * Waits for a call. One that we have given up may still come to pass.
   *
   * @throws {Error} If it takes too long, or would.
   */
  call<T>(call: () => Promise<T>): Promise<T> {
    const since = performance.now();
    if (this.#away) {
      if (since - this.#probedAt < PROBE_MS) {
        return Promise.reject(new Error("The store has been silent for some time."));
      }
      this.#probedAt = since;
    }
    return new Promise<T>((resolve, reject) => {
      const asked: Asked = {
        since,
        giveUp: () => reject(new Error(`The store was silent for ${this.#answer} ms.`)),
      };
      this.#asked.add(asked);
      this.#timer ??= setTimeout(() => this.#look(), this.#answer);
      const answered = () => {
        this.#away = false;
        this.#answeredAt = performance.now();
        this.#asked.delete(asked);
      };
      call().then((answer) => {
        answered();
        resolve(answer);
      }, (error) => {
        answered();
        reject(error);
      });
    });
  }

  /** There is a new connection: calls are made as if none had been in vain. */
  reset(): void {
    this.#away = false;
  }

  /** Waits no more: whatever is under way ends by itself. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asked.clear();
  }

  /** Gives up what has taken too long. */
  #look(): void {
    this.#timer = undefined;
    this.#giveUp();
    if (this.#away) this.#gaveUp();
  }

  #giveUp(): void {
    const now = performance.now();
    for (const asked of this.#asked) {
      const { since } = asked;
      const until = Math.min(Math.max(since, this.#answeredAt) + this.#answer, since + BUSY_TIMES * this.#answer);
      const left = until - now;
      if (left > 0) {
        this.#timer = setTimeout(() => this.#look(), left);
        return;
      }
      this.#asked.delete(asked);
      this.#away = true;
      this.#probedAt = now;
      asked.giveUp();
    }
  }
}
