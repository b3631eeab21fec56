/**
 * Collects the metrics of all isolates of this process: each counts for itself, and the one that is asked asks the others.
 * @module
 */

/** A message between isolates: the sender's figures, and which request they come with or respond to. */
interface Message<T> {
  readonly isolate: string;
  readonly figures: T;
  readonly asks?: string;
  readonly answers?: string;
}

/** How long to wait for the others, in milliseconds. The last known figures of those who are late count. */
const WAIT_MS = 1_000;

/** Collects figures of isolates. */
export class MetricsCollector<T> {
  readonly #id = crypto.randomUUID();
  readonly #own: () => T;
  readonly #channel: BroadcastChannel | undefined;
  /** The last figures of each of the others. A counter that falls would look like a restart, so none are forgotten. */
  readonly #others = new Map<string, T>();
  readonly #asked = new Map<string, { missing: number; readonly answered: () => void }>();

  /**
   * @param most The most isolates there can be. With one, no channel is opened.
   * @param own This isolate's figures, structured-cloneable.
   */
  constructor(most: number, own: () => T) {
    this.#own = own;
    if (most === 1) return;
    this.#channel = new BroadcastChannel("figures");
    this.#channel.onmessage = ({ data }: MessageEvent<Message<T>>) => this.#receive(data);
    // So that the isolates know of one another.
    this.#send({ asks: "" });
  }

  /** The figures of every isolate, this one first. */
  async collect(): Promise<readonly T[]> {
    if (this.#others.size > 0) {
      const asks = crypto.randomUUID(), { promise, resolve } = Promise.withResolvers<void>();
      this.#asked.set(asks, { missing: this.#others.size, answered: resolve });
      const late = setTimeout(resolve, WAIT_MS);
      this.#send({ asks });
      await promise;
      clearTimeout(late);
      this.#asked.delete(asks);
    }
    return [this.#own(), ...this.#others.values()];
  }

  #send(message: Pick<Message<T>, "asks" | "answers">): void {
    this.#channel?.postMessage({ isolate: this.#id, figures: this.#own(), ...message });
  }

  #receive({ isolate, figures, asks, answers }: Message<T>): void {
    this.#others.set(isolate, figures);
    if (asks !== undefined) this.#send({ answers: asks });
    const asked = answers === undefined ? undefined : this.#asked.get(answers);
    if (asked && --asked.missing === 0) asked.answered();
  }

  /** Closes the channel. */
  close(): void {
    this.#channel?.close();
  }
}
