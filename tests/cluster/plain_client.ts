/**
 * A client of protocols 2, 3 and 4 and of REST, which have neither nonces nor positions: what it posts is stored at most
 * once, and once if it was acknowledged; what it sees on one connection is a part of the log. A repeated
 * `Idempotency-Key` of REST makes it exactly once.
 * @module
 */
import { z } from "zod";
import type { Account } from "@/tests/cluster/account.ts";
import type { FinalState } from "@/tests/cluster/history.ts";
import { type Environment, ReconnectingSocket } from "@/tests/cluster/reconnecting_socket.ts";

/** Protocol 2, 3 or 4, or REST. */
export type PlainProtocol = "lobby" | "chats" | "bearer" | "rest" | "rest with a key";

/** What a client without nonces recorded. */
export interface PlainHistory {
  readonly client: string;
  readonly room: number;
  /** Everything it has sent; each text once. */
  readonly sent: readonly string[];
  readonly acknowledged: ReadonlySet<string>;
  /** What it saw, connection by connection, and what it read, page by page. */
  readonly runs: readonly (readonly string[])[];
}

// One that keeps connections repeats a request by itself where one of them breaks, and so would post twice.
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
const ANSWER_MS = 4_000;
const AGAIN_MS = 100;
/** A client of protocol 3 also reads the history now and then. */
const READS = 0.2;

const page = z.array(z.object({ content: z.string() }));

/** A client that forgets what it had when it reconnects. */
export class PlainClient implements PlainHistory {
  readonly sent: string[] = [];
  readonly acknowledged = new Set<string>();
  readonly runs: string[][] = [];
  readonly client: string;
  readonly room: number;
  readonly #protocol: PlainProtocol;
  readonly #environment: Environment;
  readonly #account: Account | undefined;
  /** Undefined over REST. */
  readonly #socket: ReconnectingSocket | undefined;
  readonly #requests = new Set<Promise<void>>();
  /** What it has seen on this connection. */
  #seen: string[] = [];
  #left = false;

  /** @param account That of this name, for those who need one. */
  constructor(client: string, room: number, protocol: PlainProtocol, environment: Environment, account?: Account) {
    this.client = client;
    this.room = room;
    this.#protocol = protocol;
    this.#environment = environment;
    this.#account = account;
    const path = this.#path;
    this.#socket = path === undefined ? undefined : new ReconnectingSocket(environment, path, {
      onOpen: () => this.runs.push(this.#seen = []),
      onFrame: (text) => this.#take(text),
    });
  }

  get #path(): string | undefined {
    const { id, token } = this.#account ?? {};
    switch (this.#protocol) {
      case "lobby":
        return `/ws/${this.client}?room=${this.room}`;
      case "chats":
        return `/api/chats/ws/${this.room}/${id}?token=${token}`;
      case "bearer":
        return `/chat/ws/${this.room}?token=${token}`;
      default:
        return undefined;
    }
  }

  /** Connects, and reconnects until it leaves. */
  connect(): void {
    this.#socket?.connect();
  }

  #take(frame: string): void {
    const { type, message, content } = JSON.parse(frame), text = String(message ?? content);
    if (type !== "message" && type !== "chat_message") return;
    this.#seen.push(text);
    if (this.sent.includes(text)) this.acknowledged.add(text);
  }

  /** Posts something new; over REST only once the last has its answer. */
  say(): void {
    const text = `${this.client} says ${this.sent.length + 1}`;
    if (this.#socket) {
      this.sent.push(text);
      this.#socket.send({ message: text, content: text });
    } else if (this.#requests.size === 0) {
      this.sent.push(text);
      this.#track(this.#post(text));
    }
    const reads = this.#protocol === "chats" && this.#requests.size === 0;
    if (reads && this.#environment.random() < READS) this.#track(this.#read());
  }

  #track(request: Promise<void>): void {
    const tracked = request.finally(() => this.#requests.delete(tracked));
    this.#requests.add(tracked);
  }

  /** Resolves once every request has its answer; with a key it is repeated until it has. */
  async settle(): Promise<void> {
    await Promise.all(this.#requests);
  }

  /** Closes with a handshake, for good. */
  async leave(): Promise<void> {
    this.#left = true;
    await this.#socket?.leave(this.client);
  }

  /** Closes for good, and waits for nothing. */
  abort(): void {
    this.#left = true;
    this.#socket?.abort();
  }

  async #post(content: string): Promise<void> {
    const hasKey = this.#protocol === "rest with a key",
      headers: [string, string][] = [["content-type", "application/json"]];
    if (hasKey) headers.push(["idempotency-key", content]);
    do {
      try {
        const message = JSON.stringify({ username: this.client, content }), signal = AbortSignal.timeout(ANSWER_MS);
        const request = { client, method: "POST", headers, body: message, signal };
        const response = await fetch(`${this.#environment.address()}/api/chat/rooms/${this.room}/messages`, request);
        const body = await response.text();
        if (response.ok) {
          this.acknowledged.add(content);
          return;
        }
        if (response.status !== 503) this.#environment.report(`${this.client} gets ${response.status}: ${body}`);
      } catch {
        // It is uncertain whether it was stored.
      }
      if (hasKey) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    } while (hasKey && !this.#left);
  }

  /** Reads the newest page of a chat. */
  async #read(): Promise<void> {
    try {
      const headers = { authorization: `Bearer ${this.#account?.token}` }, signal = AbortSignal.timeout(ANSWER_MS);
      const request = { client, headers, signal };
      const response = await fetch(`${this.#environment.address()}/api/chats/${this.room}/messages`, request);
      const body = await response.text();
      if (response.ok) this.runs.push(page.parse(JSON.parse(body)).map(({ content }) => content));
      else if (response.status !== 503) this.#environment.report(`${this.client} gets ${response.status}: ${body}`);
    } catch (error) {
      if (error instanceof z.ZodError) this.#environment.report(`${this.client} reads ${error.message}`);
    }
  }
}

/** Every promise to such clients that was broken, in a sentence each. */
export function plainViolations(histories: readonly PlainHistory[], final: readonly FinalState[]): string[] {
  return histories.flatMap(({ client, room, sent, acknowledged, runs }) => {
    const found: string[] = [], places = new Map<string, number[]>(), standing: number[] = [];
    for (const { seq, kind, content } of final.find((state) => state.room === room)?.entries ?? []) {
      if (kind !== "post" || content === undefined) continue;
      standing.push(seq);
      places.set(original(content), [...places.get(original(content)) ?? [], seq]);
    }
    for (const text of sent) {
      const count = places.get(text)?.length ?? 0;
      if (count > 1) found.push(`“${text}” is stored ${count} times.`);
      if (count === 0 && acknowledged.has(text)) found.push(`“${text}” was acknowledged, and is missing.`);
    }
    for (const run of runs) {
      const seqs = run.flatMap((text) => places.get(original(text))?.slice(0, 1) ?? []);
      const expected = standing.slice(standing.indexOf(seqs[0] ?? 0), standing.indexOf(seqs.at(-1) ?? 0) + 1);
      if (seqs.length > 0 && seqs.join() !== expected.join()) {
        found.push(`saw [${seqs}], and the log has [${expected}].`);
      }
    }
    return found.map((sentence) => `Room ${room}, ${client}: ${sentence}`);
  });
}

/** What a message said at first: the clients here edit by adding to it. */
function original(content: string): string {
  return content.split(",")[0]!;
}
