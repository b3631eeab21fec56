/**
 * The isolates of one process, each of which counts for itself: whoever is asked for figures asks the others.
 * @module
 */

/** What an isolate says: its own figures, with a question to the others or with the answer to one. */
interface Said<T> {
  readonly isolate: string;
  readonly figures: T;
  readonly asks?: string;
  readonly answers?: string;
}

/** So long we wait for the others, in milliseconds; who is late is known by what it told before. */
const WAIT_MS = 1_000;

/** This isolate among those of its process, which may become more. */
export class MetricsCollector<T> {
  readonly #id = crypto.randomUUID();
  readonly #own: () => T;
  readonly #channel: BroadcastChannel | undefined;
  /** What each of the others last told. A counter that fell would look like a new start, so nothing is forgotten. */
  readonly #others = new Map<string, T>();
  readonly #asked = new Map<string, { missing: number; readonly answered: () => void }>();

  /**
   * @param most How many there may be; where this is the only one nothing is opened.
   * @param own Gives the figures of this one, which have to be such that can be sent.
   */
  constructor(most: number, own: () => T) {
    this.#own = own;
    if (most === 1) return;
    this.#channel = new BroadcastChannel("figures");
    this.#channel.onmessage = ({ data }: MessageEvent<Said<T>>) => this.#hear(data);
    // So that they know of one another.
    this.#say({ asks: "who is there" });
  }

  /** What every isolate has counted, this one first. */
  async collect(): Promise<readonly T[]> {
    if (this.#others.size > 0) {
      const asks = crypto.randomUUID(), { promise, resolve } = Promise.withResolvers<void>();
      this.#asked.set(asks, { missing: this.#others.size, answered: resolve });
      const late = setTimeout(resolve, WAIT_MS);
      this.#say({ asks });
      await promise;
      clearTimeout(late);
      this.#asked.delete(asks);
    }
    return [this.#own(), ...this.#others.values()];
  }

  #say(said: Pick<Said<T>, "asks" | "answers">): void {
    this.#channel?.postMessage({ isolate: this.#id, figures: this.#own(), ...said });
  }

  #hear({ isolate, figures, asks, answers }: Said<T>): void {
    this.#others.set(isolate, figures);
    if (asks !== undefined) this.#say({ answers: asks });
    const asked = answers === undefined ? undefined : this.#asked.get(answers);
    if (asked && --asked.missing === 0) asked.answered();
  }

  /** Asks, and answers, no more. */
  close(): void {
    this.#channel?.close();
  }
}
