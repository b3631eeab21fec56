/**
 * What was written and has no acknowledgement yet. It survives closing the tab, and goes out once, in order: each message
 * keeps its nonce however often it is sent, and the server stores a nonce once.
 * @module
 */
import { signal } from "@preact/signals";
import type { Post } from "@/lib/model/message.ts";
import { backoff } from "@/lib/client/backoff.ts";
import { newNonce, refusalIn } from "@/lib/client/connection.ts";
import type { KeyValueStorage } from "@/lib/client/storage.ts";

/** A message on its way. */
export interface Outgoing {
  readonly nonce: string;
  readonly room: number;
  /** Id of who wrote it: nobody else's name is put to it. */
  readonly by: string;
  readonly content: string;
  /** Milliseconds since 1970, by this device's clock. */
  readonly at: number;
  readonly state: "waiting" | "sending" | "sent" | "failed";
  /** Why it failed, for people. */
  readonly problem?: string;
  /** Its `seq`, once acknowledged. */
  readonly seq?: number;
  /** It stands in the timeline already, though the acknowledgement is still to come. */
  readonly shown?: boolean;
}

/** Sends a message; resolves with its `seq` when it is committed, and rejects with a `RequestError`. */
export type SendPost = (item: Outgoing) => Promise<{ readonly seq?: number }>;

const KEY = "hubbub.outbox";
/** Refusals that pass: the message waits and is sent again. */
const PASSING: ReadonlySet<string> = new Set([
  "rate_limited",
  "store_unavailable",
  "going_away",
  "too_slow",
  "internal",
]);

/** What was written and has no acknowledgement yet. */
export class Outbox {
  /** Everything in it, oldest first. */
  readonly items = signal<readonly Outgoing[]>([]);
  readonly #storage: KeyValueStorage | undefined;
  readonly #send: SendPost;
  /** The last `seq` that has come, by room. */
  readonly #position = new Map<number, number>();
  /** Nonces for which there was no place on the storage: they live as long as this page. */
  readonly #loose = new Set<string>();
  #by: string | undefined;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** An outbox that keeps itself on a storage. */
  constructor(storage: KeyValueStorage | undefined, send: SendPost) {
    this.#storage = storage;
    this.#send = send;
  }

  /** Puts a message in and tries to send it. */
  add(room: number, by: string, content: string): Outgoing {
    const item: Outgoing = { nonce: newNonce(), room, by, content, at: Date.now(), state: "waiting" };
    this.items.value = [...this.items.peek(), item];
    if (!this.#keep((kept) => [...kept, item])) this.#loose.add(item.nonce);
    this.#pump();
    return item;
  }

  /** The connection is there, for this person: sends what waits. */
  open(by: string): void {
    this.#by = by;
    const kept = this.#kept();
    const nonces = new Set(kept.map(({ nonce }) => nonce));
    // Another tab may have sent, since, what waits here; and may have left something.
    const own = this.items.peek().filter(({ nonce, state }) =>
      nonces.has(nonce) || this.#loose.has(nonce) || state === "sent"
    );
    const known = new Set(own.map(({ nonce }) => nonce));
    this.items.value = [...own, ...kept.filter((item) => !known.has(item.nonce))].sort((a, b) => a.at - b.at);
    this.#pump();
  }

  /** The connection is gone: everything waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#by = undefined;
  }

  /** Shows what an earlier page left, before there is a connection. */
  restore(): void {
    if (this.items.peek().length === 0) this.items.value = this.#kept();
  }

  /** Sends a failed message again. */
  retry(nonce: string): void {
    this.#change(nonce, { state: "waiting", problem: undefined });
    this.#pump();
  }

  /** Gives a message up. */
  discard(nonce: string): void {
    this.items.value = this.items.peek().filter((item) => item.nonce !== nonce);
    this.#keep((kept) => kept.filter((item) => item.nonce !== nonce));
  }

  /**
   * A post came with the room's entries: if it is one of these, it is not drawn twice.
   *
   * @param seq The last `seq` that has come.
   */
  arrived(room: number, posts: readonly Post[], seq: number): void {
    let items = this.items.peek().filter((item) => item.room !== room || item.seq === undefined || item.seq > seq);
    for (const post of posts) {
      // An entry carries no nonce, so before the acknowledgement author and text must tell.
      const own = items.find((item) =>
        item.state === "sending" && !item.shown && item.room === room && item.by === post.by.id &&
        item.content === post.content
      );
      if (own) items = items.map((item) => item === own ? { ...item, shown: true } : item);
    }
    this.items.value = items;
    this.#position.set(room, seq);
  }

  #pump(): void {
    if (this.#by === undefined) return;
    const busy = new Set(this.items.peek().filter(({ state }) => state === "sending").map(({ room }) => room));
    for (const item of this.items.peek()) {
      if (item.state !== "waiting" || item.by !== this.#by || busy.has(item.room)) continue;
      // One at a time in each room: the next must not overtake one that is refused for now.
      busy.add(item.room);
      this.#change(item.nonce, { state: "sending" });
      this.#send(item).then((ok) => this.#sent(item, ok), (error) => this.#refused(item, error)).then(() =>
        this.#pump()
      );
    }
  }

  #sent({ nonce, room }: Outgoing, { seq }: { readonly seq?: number }): void {
    this.#attempt = 0;
    this.#keep((kept) => kept.filter((item) => item.nonce !== nonce));
    const shown = this.items.peek().find((item) => item.nonce === nonce)?.shown;
    const there = seq === undefined || shown || seq <= (this.#position.get(room) ?? 0);
    if (there) this.items.value = this.items.peek().filter((item) => item.nonce !== nonce);
    else this.#change(nonce, { state: "sent", seq });
  }

  #refused({ nonce }: Outgoing, thrown: unknown): void {
    const error = refusalIn(thrown);
    if (error.code === "disconnected") {
      this.#change(nonce, { state: "waiting" });
      this.#by = undefined;
    } else if (PASSING.has(error.code)) this.#pause(nonce);
    else {
      this.#change(nonce, { state: "failed", problem: error.message });
      this.#keep((kept) =>
        kept.map((item) => item.nonce === nonce ? { ...item, state: "failed", problem: error.message } : item)
      );
    }
  }

  #pause(nonce: string): void {
    const by = this.#by;
    this.#by = undefined;
    this.#change(nonce, { state: "waiting" });
    this.#timer = setTimeout(() => {
      this.#by = by;
      this.#pump();
    }, 500 + backoff(this.#attempt++));
  }

  #change(nonce: string, change: Partial<Outgoing>): void {
    this.items.value = this.items.peek().map((item) => item.nonce === nonce ? { ...item, ...change } : item);
  }

  #keep(change: (kept: Outgoing[]) => Outgoing[]): boolean {
    if (!this.#storage) return false;
    const after = change(this.#kept());
    try {
      if (after.length === 0) this.#storage.removeItem(KEY);
      else this.#storage.setItem(KEY, JSON.stringify(after));
      return true;
    } catch {
      return false;
    }
  }

  #kept(): Outgoing[] {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isOutgoing) : [];
    } catch {
      return [];
    }
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  return typeof value === "object" && value !== null && "nonce" in value && typeof value.nonce === "string" &&
    "room" in value && typeof value.room === "number" && "by" in value && typeof value.by === "string" &&
    "content" in value && typeof value.content === "string" && "at" in value && typeof value.at === "number" &&
    "state" in value && (value.state === "waiting" || value.state === "failed");
}
