/**
 * A client of protocol 1 as the protocol wants it: it comes back with the last `seq` that it has, and sends again, with
 * the same nonce, what was not acknowledged. Whatever breaks the promises to readers is written down as a fault.
 * @module
 */
import { sayGoodbye } from "@/tests/cluster/reconnecting_socket.ts";

/** An entry as a reader saw it. */
export interface Seen {
  readonly seq: number;
  readonly type: string;
  readonly username: string;
  readonly content: string | undefined;
}

const LATE_MS = 15_000;

/** A person who posts and reads in one room. */
export class Talker {
  /** Every entry, in the order in which it came. */
  readonly seen: Seen[] = [];
  /** The `seq` of each post that the server has acknowledged, by nonce. */
  readonly acknowledged = new Map<string, number>();
  /** What a reader must never see: a gap, a repeat, an error, a reset. */
  readonly faults: string[] = [];
  /** How often it has come. */
  arrivals = 0;
  /** Called with each post that is sent and each entry that comes. */
  onStep: () => void = () => undefined;
  readonly #unsent: string[] = [];
  readonly #unacknowledged = new Map<string, string>();
  readonly #conditions = new Set<{ holds: () => boolean; resolve: () => void }>();
  #socket: WebSocket | undefined;
  #end: number | undefined;
  #epoch: string | undefined;
  #said = 0;

  /** @param window How many posts are on the way at once. */
  constructor(readonly name: string, readonly room = 1, readonly window = 4) {}

  /** The `seq` up to which this reader has everything. */
  get position(): number {
    return this.seen.at(-1)?.seq ?? 0;
  }

  /** How many posts have been sent and are not acknowledged. */
  get onTheWay(): number {
    return this.#unacknowledged.size;
  }

  /** Comes, or comes back. */
  connect(url: string): void {
    this.#end = undefined;
    const socket = this.#socket = new WebSocket(`${url.replace("http", "ws")}/ws/chat/${this.room}`);
    const hello = { username: this.name, after: this.position, epoch: this.#epoch };
    socket.onopen = () => socket.send(JSON.stringify(hello));
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#take(JSON.parse(data));
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      this.#end = code;
      this.#look();
    };
  }

  /** Posts, each as soon as there is room on the way. The nonce of the first is `<name>:1`, and so on. */
  say(contents: readonly string[]): void {
    this.#unsent.push(...contents);
    this.#send();
  }

  /** Sends any other frame. */
  send(frame: Record<string, unknown>): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Resolves once everything said so far is acknowledged. */
  heard(): Promise<void> {
    return this.until(() => this.#unsent.length + this.#unacknowledged.size === 0, "every post to be acknowledged");
  }

  /** Resolves once this reader stands at `seq` or after it. */
  reached(seq: number): Promise<void> {
    return this.until(() => this.position >= seq, `seq ${seq}, at ${this.position}`);
  }

  /** Resolves with the code of the close once the socket is closed. */
  async gone(): Promise<number | undefined> {
    await this.until(() => this.#end !== undefined, "the end");
    return this.#end;
  }

  /** Resolves once something holds; looks after each frame. */
  until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      reject(
        new Error(`${this.name} waits too long for ${what}; faults: ${this.faults.slice(0, 3).join("; ") || "none"}`),
      );
    }, LATE_MS);
    this.#conditions.add({ holds, resolve });
    return promise.finally(() => clearTimeout(timer));
  }

  /** Goes, with a goodbye. */
  async leave(): Promise<void> {
    const socket = this.#socket;
    if (socket) await sayGoodbye(socket, this.name, (fault) => this.faults.push(fault));
  }

  #take(frame: Record<string, unknown>): void {
    const { type, nonce } = frame;
    if (type === "connected") {
      this.#epoch = String(frame.epoch);
      this.arrivals++;
      this.#comeBack();
    } else if (type === "error" || type === "reset") this.faults.push(JSON.stringify(frame));
    else if (typeof frame.seq === "number") this.#read(frame.seq, frame);
    if (typeof nonce === "string" && this.#unacknowledged.delete(nonce)) {
      this.acknowledged.set(nonce, Number(frame.seq));
      this.#send();
    }
    this.#look();
  }

  #look(): void {
    for (const condition of this.#conditions) {
      if (!condition.holds()) continue;
      this.#conditions.delete(condition);
      condition.resolve();
    }
  }

  #read(seq: number, frame: Record<string, unknown>): void {
    const { type, username, content, nonce } = frame;
    // A post that was sent again is answered with the message it made the first time, which this reader has.
    const answer = typeof nonce === "string" && this.seen[seq - 1]?.content === content;
    if (seq !== this.position + 1) {
      if (!answer) this.faults.push(`seq ${seq} after ${this.position}`);
      return;
    }
    const text = typeof content === "string" ? content : undefined;
    this.seen.push({ seq, type: String(type), username: String(username), content: text });
    this.onStep();
  }

  #comeBack(): void {
    for (const [nonce, content] of this.#unacknowledged) this.#post(nonce, content);
    this.#send();
  }

  #send(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || this.#epoch === undefined) return;
    while (this.#unacknowledged.size < this.window && this.#unsent.length > 0) {
      const nonce = `${this.name}:${++this.#said}`, content = this.#unsent.shift()!;
      this.#unacknowledged.set(nonce, content);
      this.#post(nonce, content);
    }
  }

  #post(nonce: string, content: string): void {
    this.send({ type: "message", content, nonce });
    this.onStep();
  }
}
