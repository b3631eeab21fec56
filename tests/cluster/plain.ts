/**
 * Clients of the protocols without nonces and without a place to come back to: what they say is there at most once, and
 * once if they were told so; what they hear on one connection is a piece of the log. The same goes for REST, where a
 * repeated `Idempotency-Key` also makes it exactly once.
 * @module
 */
import { z } from "zod";
import type { Account } from "@/tests/cluster/account.ts";
import type { Left } from "@/tests/cluster/history.ts";
import { sayGoodbye, type Surroundings, takeText } from "@/tests/cluster/reconnecting_socket.ts";

/** How a client speaks: protocol 2, 3 or 4, or REST. */
export type Way = "lobby" | "chats" | "bearer" | "rest" | "rest with a key";

/** What a client without nonces wrote down. */
export interface Heard {
  readonly client: string;
  readonly room: number;
  /** Everything it has sent; each text once. */
  readonly sent: readonly string[];
  /** What it was told is there. */
  readonly told: ReadonlySet<string>;
  /** What it heard, connection by connection, and what it read, page by page. */
  readonly runs: readonly (readonly string[])[];
}

// A client that keeps connections sends a request again where one of them breaks, and so says things twice by itself.
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
const ANSWER_MS = 4_000;
const QUIET_MS = 4_000;
const AGAIN_MS = 100;
/** A client of protocol 3 also reads the history now and then. */
const READS = 0.2;

const page = z.array(z.object({ content: z.string() }));

/** Somebody who speaks plainly. */
export class Plain implements Heard {
  readonly sent: string[] = [];
  readonly told = new Set<string>();
  readonly runs: string[][] = [];
  readonly client: string;
  readonly room: number;
  readonly #way: Way;
  readonly #around: Surroundings;
  readonly #account: Account | undefined;
  readonly #asking = new Set<Promise<void>>();
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** @param account That of this name, for those who need one. */
  constructor(client: string, room: number, way: Way, around: Surroundings, account?: Account) {
    this.client = client;
    this.room = room;
    this.#way = way;
    this.#around = around;
    this.#account = account;
  }

  /** Comes, and comes back until it leaves. */
  come(): void {
    if (this.#way === "rest" || this.#way === "rest with a key") return;
    const socket = this.#socket = new WebSocket(this.#around.door().replace("http", "ws") + this.#path);
    const run: string[] = [];
    this.runs.push(run);
    const goOn = () => {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#restart(), QUIET_MS);
    };
    goOn();
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      goOn();
      takeText(data, (text) => this.#take(text, run), this.#around.fault);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#restart();
    };
  }

  #take(frame: string, run: string[]): void {
    const { type, message, content } = JSON.parse(frame), text = String(message ?? content);
    if (type !== "message" && type !== "chat_message") return;
    run.push(text);
    if (this.sent.includes(text)) this.told.add(text);
  }

  get #path(): string {
    const { id, token } = this.#account ?? {};
    switch (this.#way) {
      case "chats":
        return `/api/chats/ws/${this.room}/${id}?token=${token}`;
      case "bearer":
        return `/chat/ws/${this.room}?token=${token}`;
      default:
        return `/ws/${this.client}?room=${this.room}`;
    }
  }

  /** Says something new, if there is somebody to say it to. */
  say(): void {
    const text = `${this.client} says ${this.sent.length + 1}`;
    if (this.#way === "rest" || this.#way === "rest with a key") {
      if (this.#asking.size > 0) return;
      this.sent.push(text);
      this.#begin(this.#ask(text));
    } else if (this.#socket?.readyState === WebSocket.OPEN) {
      this.sent.push(text);
      this.#socket.send(JSON.stringify({ message: text, content: text }));
    }
    if (this.#way === "chats" && this.#asking.size === 0 && this.#around.random() < READS) this.#begin(this.#read());
  }

  #begin(asking: Promise<void>): void {
    const noted = asking.finally(() => this.#asking.delete(noted));
    this.#asking.add(noted);
  }

  /** Resolves once nothing is open any more: with a key that may take for ever. */
  async settle(): Promise<void> {
    await Promise.all(this.#asking);
  }

  /** Goes for good. */
  async leave(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) await sayGoodbye(socket, this.client, this.#around.fault);
  }

  /** Goes at once, and says nothing. */
  vanish(): void {
    this.#over = true;
    clearTimeout(this.#retry);
    if (this.#socket?.readyState !== WebSocket.CLOSED) this.#socket?.close();
    this.#socket = undefined;
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
    do {
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
      if (hasKey) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    } while (hasKey && !this.#over);
  }

  /** Reads the newest page of a chat. */
  async #read(): Promise<void> {
    try {
      const headers = { authorization: `Bearer ${this.#account?.token}` }, signal = AbortSignal.timeout(ANSWER_MS);
      const request = { client, headers, signal };
      const response = await fetch(`${this.#around.door()}/api/chats/${this.room}/messages`, request);
      const said = await response.text();
      if (response.ok) this.runs.push(page.parse(JSON.parse(said)).map(({ content }) => content));
      else if (response.status !== 503) this.#around.fault(`${this.client} is told ${response.status}: ${said}`);
    } catch (error) {
      if (error instanceof z.ZodError) this.#around.fault(`${this.client} reads ${error.message}`);
    }
  }
}

/** Every promise to such clients that was broken, in a sentence each. */
export function plainFaults(heard: readonly Heard[], left: readonly Left[]): string[] {
  return heard.flatMap(({ client, room, sent, told, runs }) => {
    const faults: string[] = [], places = new Map<string, number[]>(), access: number[] = [];
    for (const { seq, kind, content } of left.find((one) => one.room === room)?.entries ?? []) {
      if (kind !== "post" || content === undefined) continue;
      access.push(seq);
      places.set(origin(content), [...places.get(origin(content)) ?? [], seq]);
    }
    for (const text of sent) {
      const count = places.get(text)?.length ?? 0;
      if (count > 1) faults.push(`“${text}” is there ${count} times.`);
      if (count === 0 && told.has(text)) faults.push(`“${text}” was told to be there, and is missing.`);
    }
    for (const run of runs) {
      const seqs = run.flatMap((text) => places.get(origin(text))?.slice(0, 1) ?? []);
      const expected = access.slice(access.indexOf(seqs[0] ?? 0), access.indexOf(seqs.at(-1) ?? 0) + 1);
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
