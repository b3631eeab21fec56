/**
 * Messages on their way to the server.
 * @module
 */
import { signal } from "@preact/signals";
import type { Post } from "@/lib/model/message.ts";
import { backoff, newNonce, refusalIn } from "@/lib/client/connection.ts";
import { type KeyValueStorage, OutboxStorage, type Outgoing } from "@/lib/client/storage.ts";

/** Sends a message; resolves with its `seq` once it is committed, and rejects with a `RequestError`. */
export type SendPost = (item: Outgoing) => Promise<{ readonly seq?: number }>;

/** Refusals that pass: the message waits and is sent again. */
const TEMPORARY = new Set(["rate_limited", "store_unavailable", "going_away", "too_slow", "internal"]);
/** Shortest pause after a refusal that passes, in milliseconds. */
const PAUSE = 500;

/**
 * Sends messages once and in order, again after each reconnect and after refusals that pass. A message keeps its nonce
 * however often it is sent, and the server stores a nonce once; by the nonce its entry in the log is known, too.
 */
export class Outbox {
  /** Everything in it, oldest first. */
  readonly items = signal<readonly Outgoing[]>([]);
  readonly #storage: OutboxStorage;
  readonly #send: SendPost;
  /** The last `seq` that has come, by room. */
  readonly #position = new Map<number, number>();
  /** Nonces for which there was no storage: they live as long as this page. */
  readonly #unsaved = new Set<string>();
  #by: string | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param storage Keeps what waits when the tab is closed. */
  constructor(storage: KeyValueStorage | undefined, send: SendPost) {
    this.#storage = new OutboxStorage(storage);
    this.#send = send;
  }

  /** Adds a message, and tries to send it. */
  add(room: number, by: string, content: string): Outgoing {
    const item: Outgoing = { nonce: newNonce(), room, by, content, at: Date.now(), state: "waiting" };
    this.items.value = [...this.items.peek(), item];
    if (!this.#storage.update((kept) => [...kept, item])) this.#unsaved.add(item.nonce);
    this.#pump();
    return item;
  }

  /** Sends what waits: there is a connection, as this person. */
  open(by: string): void {
    this.#by = by;
    const kept = this.#storage.read(), nonces = new Set(kept.map(({ nonce }) => nonce));
    // Another tab may have sent what waits here, and may have left something.
    const own = this.items.peek().filter(({ nonce, state }) =>
      nonces.has(nonce) || this.#unsaved.has(nonce) || state === "sent"
    );
    for (const { nonce } of own) nonces.delete(nonce);
    this.items.value = [...own, ...kept.filter(({ nonce }) => nonces.has(nonce))].sort((a, b) => a.at - b.at);
    this.#pump();
  }

  /** Lets everything wait: there is no connection. */
  close(): void {
    clearTimeout(this.#timer);
    this.#by = undefined;
  }

  /** Shows what an earlier page left, before there is a connection. */
  restore(): void {
    if (this.items.peek().length === 0) this.items.value = this.#storage.read();
  }

  /** Sends a failed message again. */
  retry(nonce: string): void {
    this.#change(nonce, { state: "waiting", problem: undefined });
    this.#pump();
  }

  /** Gives a message up. */
  discard(nonce: string): void {
    this.#remove((item) => item.nonce === nonce);
  }

  /**
   * Removes the messages whose entries have come: the timeline shows them.
   *
   * @param posts New posts of the room; the reader's own have their nonces.
   * @param seq The last `seq` that has come.
   */
  arrived(room: number, posts: readonly Post[], seq: number): void {
    this.#position.set(room, seq);
    this.#remove((item) =>
      item.room === room && (
        (item.seq ?? Infinity) <= seq || posts.some(({ by, nonce }) => nonce === item.nonce && by.id === item.by)
      )
    );
  }

  #pump(): void {
    if (this.#by === undefined) return;
    const busy = new Set(this.items.peek().filter(({ state }) => state === "sending").map(({ room }) => room));
    for (const item of this.items.peek()) {
      if (item.state !== "waiting" || item.by !== this.#by || busy.has(item.room)) continue;
      // One at a time in each room: the next must not overtake one that is refused for now.
      busy.add(item.room);
      this.#change(item.nonce, { state: "sending" });
      this.#send(item)
        .then(({ seq }) => this.#acknowledged(item, seq), (error) => this.#refused(item, error))
        .then(() => this.#pump());
    }
  }

  #acknowledged({ nonce, room }: Outgoing, seq = 0): void {
    this.#attempt = 0;
    if (seq <= (this.#position.get(room) ?? 0)) return this.discard(nonce);
    this.#storage.update((kept) => kept.filter((item) => item.nonce !== nonce));
    this.#change(nonce, { state: "sent", seq });
  }

  #refused({ nonce }: Outgoing, error: unknown): void {
    const { code, message: problem } = refusalIn(error);
    if (code === "disconnected" || TEMPORARY.has(code)) {
      this.#change(nonce, { state: "waiting" });
      if (code === "disconnected") this.#by = undefined;
      else this.#pause();
      return;
    }
    const failed = { state: "failed", problem } as const;
    this.#change(nonce, failed);
    this.#storage.update((kept) => kept.map((item) => item.nonce === nonce ? { ...item, ...failed } : item));
  }

  #pause(): void {
    const by = this.#by;
    if (by === undefined) return;
    this.#by = undefined;
    this.#timer = setTimeout(() => this.open(by), PAUSE + backoff(this.#attempt++));
  }

  #change(nonce: string, change: Partial<Outgoing>): void {
    this.items.value = this.items.peek().map((item) => item.nonce === nonce ? { ...item, ...change } : item);
  }

  #remove(isOver: (item: Outgoing) => boolean): void {
    const over = new Set(this.items.peek().filter(isOver).map(({ nonce }) => nonce));
    if (over.size === 0) return;
    const left = <Item extends Outgoing>(items: readonly Item[]) => items.filter(({ nonce }) => !over.has(nonce));
    this.items.value = left(this.items.peek());
    this.#storage.update(left);
  }
}
