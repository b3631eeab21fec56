/**
 * Clients of the protocols without nonces and without a place to come back to: what they say is there at most once, and
 * once if they were told so; what they hear on one connection is a piece of the log. The same goes for REST, where a
 * repeated `Idempotency-Key` also makes it exactly once.
 * @module
 */
import type { Left } from "@/tests/cluster/history.ts";
import type { Surroundings } from "@/tests/cluster/recorder.ts";

/** How a client speaks. */
export type Way = "lobby" | "bearer" | "rest" | "rest with a key";

/** What a client without nonces wrote down. */
export interface Heard {
  readonly client: string;
  readonly room: number;
  /** Everything it has sent; each text once. */
  readonly sent: readonly string[];
  /** What it was told is there. */
  readonly told: ReadonlySet<string>;
  /** What it heard, connection by connection. */
  readonly runs: readonly (readonly string[])[];
}

// A client that keeps connections sends a request again where one of them breaks, and so says things twice by itself.
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
const ANSWER_MS = 4_000;
const QUIET_MS = 4_000;
const KEYED_TRIES = 100;

/** Somebody who speaks plainly. */
export class Plain implements Heard {
  readonly sent: string[] = [];
  readonly told = new Set<string>();
  readonly runs: string[][] = [];
  readonly client: string;
  readonly room: number;
  readonly #way: Way;
  readonly #around: Surroundings;
  readonly #token: string;
  readonly #asking = new Set<Promise<void>>();
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** @param token The access token of an account by this name, for those who need one. */
  constructor(client: string, room: number, way: Way, around: Surroundings, token = "") {
    this.client = client;
    this.room = room;
    this.#way = way;
    this.#around = around;
    this.#token = token;
  }

  /** Comes, and comes back until it leaves. */
  come(): void {
    if (this.#way === "rest" || this.#way === "rest with a key") return;
    const path = this.#way === "lobby"
      ? `/ws/${this.client}?room=${this.room}`
      : `/chat/ws/${this.room}?token=${this.#token}`;
    const socket = this.#socket = new WebSocket(this.#around.door().replace("http", "ws") + path), run: string[] = [];
    this.runs.push(run);
    const goOn = () => {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#restart(), QUIET_MS);
    };
    goOn();
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      goOn();
      const { type, message, content } = JSON.parse(data), text = String(message ?? content);
      if (type !== "message" && type !== "chat_message") return;
      run.push(text);
      if (this.sent.includes(text)) this.told.add(text);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#restart();
    };
  }

  /** Says something new, if there is somebody to say it to. */
  say(): void {
    const text = `${this.client} says ${this.sent.length + 1}`;
    if (this.#way === "rest" || this.#way === "rest with a key") {
      if (this.#asking.size > 0) return;
      this.sent.push(text);
      const asking = this.#ask(text).finally(() => this.#asking.delete(asking));
      this.#asking.add(asking);
    } else if (this.#socket?.readyState === WebSocket.OPEN) {
      this.sent.push(text);
      this.#socket.send(JSON.stringify({ message: text, content: text }));
    }
  }

  /** Resolves once nothing is open any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#asking);
  }

  /** Goes for good. */
  async leave(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
    socket.close(1000);
    await closed;
  }

  #restart(): void {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket && socket.readyState !== WebSocket.CLOSED) socket.close();
    if (!this.#over) this.#retry = setTimeout(() => this.come(), 50 + this.#around.random() * 250);
  }

  async #ask(content: string): Promise<void> {
    const hasKey = this.#way === "rest with a key",
      headers: [string, string][] = [["content-type", "application/json"]];
    if (hasKey) headers.push(["idempotency-key", content]);
    for (let tries = hasKey ? KEYED_TRIES : 1; tries > 0; tries--) {
      try {
        const body = JSON.stringify({ username: this.client, content }), signal = AbortSignal.timeout(ANSWER_MS);
        const request = { client, method: "POST", headers, body, signal };
        const response = await fetch(`${this.#around.door()}/api/chat/rooms/${this.room}/messages`, request);
        const said = await response.text();
        if (response.ok) {
          this.told.add(content);
          return;
        }
        if (response.status !== 503) this.#around.fault(`${this.client} is told ${response.status}: ${said}`);
      } catch {
        // Nobody knows whether it has come to pass.
      }
      if (tries > 1) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (hasKey) this.#around.fault(`${this.client} cannot say “${content}”.`);
  }
}

/** Every promise to such clients that was broken, in a sentence each. */
export function plainFaults(heard: readonly Heard[], left: readonly Left[]): string[] {
  return heard.flatMap(({ client, room, sent, told, runs }) => {
    const faults: string[] = [], places = new Map<string, number[]>(), standing: number[] = [];
    for (const { seq, kind, content } of left.find((one) => one.room === room)?.entries ?? []) {
      if (kind !== "post" || content === undefined) continue;
      standing.push(seq);
      places.set(origin(content), [...places.get(origin(content)) ?? [], seq]);
    }
    for (const text of sent) {
      const count = places.get(text)?.length ?? 0;
      if (count > 1) faults.push(`“${text}” is there ${count} times.`);
      if (count === 0 && told.has(text)) faults.push(`“${text}” was told to be there, and is missing.`);
    }
    for (const run of runs) {
      const seqs = run.flatMap((text) => places.get(origin(text))?.slice(0, 1) ?? []);
      const expected = standing.slice(standing.indexOf(seqs[0] ?? 0), standing.indexOf(seqs.at(-1) ?? 0) + 1);
      if (seqs.length > 0 && seqs.join() !== expected.join()) {
        faults.push(`heard [${seqs}], and there is [${expected}].`);
      }
    }
    return faults.map((fault) => `Room ${room}, ${client}: ${fault}`);
  });
}

/** What a message said at first: the harness changes messages by adding to them. */
function origin(content: string): string {
  return content.split(",")[0]!;
}
