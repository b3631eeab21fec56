/**
 * A circuit breaker for KV calls: fails fast while the server does not answer. The runtime itself tries to reach a `denokv`
 * server that is away again and again, for ever.
 * @module
 */

/** A store may be silent for this long, in milliseconds: longer than a call that waits for a locked file. */
const ANSWER_MS = 6_000;
/** While other calls are answered the load is ours, and a call may take this many times as long. */
const BUSY_TIMES = 5;
/** While the circuit is open one call in this many milliseconds is let through: those under way may never end. */
const PROBE_MS = 5_000;

/** A call under way. */
interface Call {
  readonly since: number;
  giveUp(): void;
}

/** Fails calls that take too long, and then the next ones at once until one is answered. */
export class CircuitBreaker {
  readonly #onOpen: () => void;
  readonly #timeout: number;
  /** The oldest first. */
  readonly #calls = new Set<Call>();
  /** One for all calls. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;
  #probedAt = 0;
  #answeredAt = 0;

  /**
   * @param onOpen Called when a call took too long.
   * @param timeout How long the store may be silent, in milliseconds.
   */
  constructor(onOpen: () => void, timeout = ANSWER_MS) {
    this.#onOpen = onOpen;
    this.#timeout = timeout;
  }

  /**
   * Waits for a call. One that was given up may still take effect.
   *
   * @throws {Error} If it takes too long, or the circuit is open.
   */
  call<T>(call: () => Promise<T>): Promise<T> {
    const since = performance.now();
    if (this.#isOpen) {
      if (since - this.#probedAt < PROBE_MS) {
        return Promise.reject(new Error("The store has been silent for some time."));
      }
      this.#probedAt = since;
    }
    return new Promise<T>((resolve, reject) => {
      const underWay: Call = {
        since,
        giveUp: () => reject(new Error(`The store was silent for ${this.#timeout} ms.`)),
      };
      this.#calls.add(underWay);
      this.#timer ??= setTimeout(() => this.#check(), this.#timeout);
      const answered = () => {
        this.#isOpen = false;
        this.#answeredAt = performance.now();
        this.#calls.delete(underWay);
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

  /** Closes the circuit: there is a new connection. */
  reset(): void {
    this.#isOpen = false;
  }

  /** Forgets the calls under way, which end by themselves. */
  close(): void {
    clearTimeout(this.#timer);
    this.#calls.clear();
  }

  #check(): void {
    this.#timer = undefined;
    this.#giveUpLate();
    if (this.#isOpen) this.#onOpen();
  }

  #giveUpLate(): void {
    const now = performance.now();
    for (const call of this.#calls) {
      const { since } = call;
      const until = Math.min(Math.max(since, this.#answeredAt) + this.#timeout, since + BUSY_TIMES * this.#timeout);
      const left = until - now;
      if (left > 0) {
        this.#timer = setTimeout(() => this.#check(), left);
        return;
      }
      this.#calls.delete(call);
      this.#isOpen = true;
      this.#probedAt = now;
      call.giveUp();
    }
  }
}
