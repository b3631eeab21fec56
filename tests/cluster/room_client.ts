/**
 * A client of protocol 1 as the protocol wants it: it resumes after the last `seq` that it has, sends again, with the same
 * nonce, what was not acknowledged, and records what it sends and sees.
 * @module
 */
import { splitMessageId } from "@/lib/model/message.ts";
import type { HistoryEvent, SeenEntry } from "@/tests/cluster/history.ts";
import {
  type Environment,
  type Position,
  ReconnectingSocket,
  type ResumingClient,
} from "@/tests/cluster/reconnecting_socket.ts";
import { within } from "@/tests/limits.ts";

/** An event without the names of its client and room. */
type OwnEvent = HistoryEvent extends infer One ? One extends HistoryEvent ? Omit<One, "client" | "room"> : never
  : never;

interface Message {
  readonly id: number;
  readonly content: string;
}

const WINDOW = 4;
const AGAIN_MS = 100;
const KINDS: Readonly<Record<string, SeenEntry["kind"]>> = {
  message: "post",
  edited: "edit",
  deleted: "delete",
  reacted: "react",
  pinned: "pin",
};

/** A person who posts and reads in one room. */
export class RoomClient implements ResumingClient {
  /** The `seq` up to which it has everything; undefined before it first joined. */
  position: number | undefined;
  arrivals = 0;
  /** Every entry that it has seen, in that order. */
  readonly seen: SeenEntry[] = [];
  /** The codes with which the server has closed its connections. */
  readonly closeCodes: number[] = [];
  /** How long it was away after each of those, in milliseconds. */
  readonly absences: number[] = [];
  readonly name: string;
  readonly room: number;
  readonly #environment: Environment;
  readonly #socket: ReconnectingSocket;
  readonly #window: number;
  readonly #unsent: string[] = [];
  readonly #unacknowledged = new Map<string, string>();
  readonly #repeated = new Set<string>();
  readonly #own: Message[] = [];
  readonly #conditions = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>();
  #changing: Message | undefined;
  #epoch: string | undefined;
  #token: string | undefined;
  #said = 0;
  #closedAt: number | undefined;

  /**
   * Nothing is tried before {@link connect}.
   *
   * @param window How many posts are on the way at once.
   * @param after The `seq` after which it begins to read; undefined for the end of the log when it joins.
   */
  constructor(
    name: string,
    room: number,
    environment: Environment,
    { window = WINDOW, after }: { window?: number; after?: number } = {},
  ) {
    this.position = after;
    this.name = name;
    this.room = room;
    this.#environment = environment;
    this.#window = window;
    this.#socket = new ReconnectingSocket(environment, `/ws/chat/${room}`, {
      onOpen: () => {
        const { position: after } = this;
        this.#socket.send({ username: name, guest_token: this.#token, after, epoch: this.#epoch });
      },
      onFrame: (text) => this.#take(JSON.parse(text)),
      onClose: (code) => {
        this.closeCodes.push(code);
        this.#closedAt ??= performance.now();
        this.#check();
      },
    });
  }

  get positions(): readonly Position[] {
    return [this];
  }

  get isSettled(): boolean {
    return this.#socket.isIn && this.onTheWay === 0;
  }

  /** How many posts have been sent, and are not acknowledged. */
  get onTheWay(): number {
    return this.#unacknowledged.size;
  }

  connect(): void {
    this.#socket.connect();
  }

  say(): void {
    if (this.onTheWay < this.#window) this.post(`${this.name} says ${this.#said + 1}`);
  }

  /** Posts these contents, each as soon as the window allows it. */
  post(...contents: readonly string[]): void {
    this.#unsent.push(...contents);
    this.#sendMore();
  }

  change(): void {
    if (!this.#socket.isIn || this.#changing || this.#own.length === 0) return;
    const { random } = this.#environment, index = Math.floor(random() * this.#own.length);
    const { id, content } = this.#own[index]!, chosen = random();
    if (chosen < 0.3) return this.send({ type: "react", id, emoji: "👍", on: random() < 0.5 });
    if (chosen < 0.5) {
      // Whether that succeeds or not, it is left alone from now on.
      this.#own.splice(index, 1);
      return this.send({ type: "delete", id });
    }
    this.#changing = { id, content: `${content.split(",")[0]}, or rather ${++this.#said}` };
    this.send({ type: "edit", ...this.#changing });
  }

  /** Sends any other frame; it is lost where there is no connection. */
  send(frame: Record<string, unknown>): void {
    this.#socket.send(frame);
  }

  reconnect(): void {
    this.#socket.reconnect();
  }

  async leave(): Promise<void> {
    await this.#socket.leave(this.name);
  }

  abort(): void {
    this.#socket.abort();
  }

  /** Resolves once everything that was posted so far is acknowledged. */
  acknowledged(): Promise<void> {
    return this.until("every post to be acknowledged", () => this.#unsent.length + this.onTheWay === 0);
  }

  /** Resolves once it has everything up to `seq`. */
  reached(seq: number): Promise<void> {
    return this.until(`seq ${seq}`, () => (this.position ?? 0) >= seq);
  }

  /** Resolves once something holds, which is looked at after each frame and each close. */
  until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#conditions.add({ holds, resolve });
    return within(`${what}, for ${this.name}`, promise);
  }

  #check(): void {
    for (const condition of this.#conditions) {
      if (!condition.holds()) continue;
      this.#conditions.delete(condition);
      condition.resolve();
    }
  }

  #take(frame: Record<string, unknown>): void {
    const { type, seq } = frame;
    if (type === "connected") this.#arrive(frame);
    else if (type === "reset") {
      this.position = Number(seq);
      this.#epoch = String(frame.epoch);
      this.#record({ type: "reset", seq: this.position });
    } else if (type === "error") this.#refused(frame);
    else if (typeof seq === "number" && typeof frame.room_id === "number" && type !== "read") this.#read(seq, frame);
    this.#check();
  }

  #arrive(frame: Record<string, unknown>): void {
    this.arrivals++;
    this.#socket.isIn = true;
    this.#epoch = String(frame.epoch);
    if (this.#closedAt !== undefined) this.absences.push(performance.now() - this.#closedAt);
    this.#closedAt = undefined;
    if (typeof frame.guest_token === "string") this.#token = frame.guest_token;
    if (this.position === undefined) {
      this.position = Number(frame.seq);
      this.#record({ type: "joined", seq: this.position });
    } else this.#record({ type: "resumed", after: this.position });
    this.#changing = undefined;
    for (const nonce of this.#unacknowledged.keys()) this.#sendAgain(nonce);
    this.#sendMore();
  }

  #refused({ code, content, nonce }: Record<string, unknown>): void {
    const { tolerated, report } = this.#environment;
    if (!tolerated.has(String(code))) report(`${this.name} gets the error “${content}” (${code}).`);
    if (nonce === undefined) this.#changing = undefined;
    else if (typeof nonce === "string") setTimeout(() => this.#sendAgain(nonce), AGAIN_MS);
  }

  #read(seq: number, frame: Record<string, unknown>): void {
    const { nonce } = frame, own = typeof nonce === "string" ? nonce : undefined;
    if (own !== undefined) this.#acknowledge(own, seq, frame);
    // What was sent again is answered with the message that it made the first time, which has come by then.
    if (own !== undefined && this.#repeated.has(own) && seq <= this.position!) return;
    this.position = seq;
    const entry = seenEntry(seq, frame);
    this.seen.push(entry);
    this.#record({ type: "saw", entry });
    if (entry.by === this.name) this.#changed(entry);
  }

  #acknowledge(nonce: string, seq: number, frame: Record<string, unknown>): void {
    const content = this.#unacknowledged.get(nonce), id = Number(frame.id);
    this.#record({ type: "acknowledged", nonce, id, seq });
    if (content === undefined) return;
    this.#unacknowledged.delete(nonce);
    this.#own.push({ id, content });
    this.#sendMore();
  }

  #changed({ kind, id, seq, content }: SeenEntry): void {
    // Each edit of a message that has been deleted since is seen as a deletion.
    if (kind !== "edit" || id !== this.#changing?.id || content !== this.#changing?.content) return;
    if (id === undefined || content === undefined) return;
    this.#record({ type: "edited", id, seq, content });
    const index = this.#own.findIndex((message) => message.id === id);
    if (index >= 0) this.#own[index] = { id, content };
    this.#changing = undefined;
  }

  #sendMore(): void {
    while (this.onTheWay < this.#window && this.#unsent.length > 0) {
      const nonce = `${this.name}:${++this.#said}`, content = this.#unsent.shift()!;
      this.#unacknowledged.set(nonce, content);
      this.#send(nonce, content);
    }
  }

  #sendAgain(nonce: string): void {
    const content = this.#unacknowledged.get(nonce);
    if (content === undefined || !this.#socket.isIn) return;
    this.#repeated.add(nonce);
    this.#send(nonce, content);
  }

  #send(nonce: string, content: string): void {
    this.#record({ type: "sent", nonce, content });
    if (this.#socket.isIn) this.send({ type: "message", content, nonce });
    else this.#repeated.add(nonce);
  }

  #record(event: OwnEvent): void {
    this.#environment.record({ client: this.name, room: this.room, ...event });
  }
}

/** The entry in a frame of protocol 1. */
function seenEntry(seq: number, { type, id, username, content, nonce }: Record<string, unknown>): SeenEntry {
  const kind = KINDS[String(type)] ?? "other", isShown = kind === "post" || kind === "edit";
  return {
    seq,
    kind,
    ...(typeof id === "number" && splitMessageId(id) ? { id } : {}),
    ...(typeof username === "string" ? { by: username } : {}),
    ...(typeof content === "string" && isShown ? { content } : {}),
    ...(typeof nonce === "string" ? { nonce } : {}),
  };
}
