/**
 * What the browser keeps: drafts, and the outbox.
 * @module
 */

/** The part of `localStorage` that is used. */
export type KeyValueStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `localStorage`, or undefined where the browser forbids it. */
export function browserStorage(): KeyValueStorage | undefined {
  let storage: KeyValueStorage | undefined;
  try {
    storage = localStorage;
  } catch {
    // Then what is kept lasts as long as the page.
  }
  return storage;
}

/** The drafts of this browser, one per room. They survive a reload. */
export class Drafts {
  readonly #storage: KeyValueStorage | undefined;

  /** @param storage Keeps the drafts; without it there are none. */
  constructor(storage: KeyValueStorage | undefined) {
    this.#storage = storage;
  }

  /** The draft for a room, or "". */
  get(room: number): string {
    return this.#storage?.getItem(key(room)) ?? "";
  }

  /** Keeps a draft; an empty one is removed. */
  set(room: number, text: string): void {
    try {
      if (text.trim() === "") this.#storage?.removeItem(key(room));
      else this.#storage?.setItem(key(room), text);
    } catch {
      // The storage is full: the text is still in the field.
    }
  }
}

function key(room: number): string {
  return `hubbub.draft.${room}`;
}

/** A message that the server has not acknowledged. */
export interface Outgoing {
  readonly nonce: string;
  readonly room: number;
  /** Id of the author: it is sent under no other name. */
  readonly by: string;
  readonly content: string;
  /** Milliseconds since 1970, by this device's clock. */
  readonly at: number;
  readonly state: "waiting" | "sending" | "sent" | "failed";
  /** Why it failed, for people. */
  readonly problem?: string;
  /** Its `seq`, once acknowledged. */
  readonly seq?: number;
}

const KEY = "hubbub.outbox";

/** Messages that wait or have failed, shared by all tabs of the browser. */
export class OutboxStorage {
  readonly #storage: KeyValueStorage | undefined;

  /** @param storage Without it nothing is kept. */
  constructor(storage: KeyValueStorage | undefined) {
    this.#storage = storage;
  }

  /** What is kept, oldest first. */
  read(): Outgoing[] {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isOutgoing) : [];
    } catch {
      return [];
    }
  }

  /** Changes what is kept. Answers false where there is no place for it. */
  update(change: (kept: Outgoing[]) => Outgoing[]): boolean {
    if (!this.#storage) return false;
    const after = change(this.read());
    try {
      if (after.length === 0) this.#storage.removeItem(KEY);
      else this.#storage.setItem(KEY, JSON.stringify(after));
      return true;
    } catch {
      return false;
    }
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  return typeof value === "object" && value !== null && "nonce" in value && typeof value.nonce === "string" &&
    "room" in value && typeof value.room === "number" && "by" in value && typeof value.by === "string" &&
    "content" in value && typeof value.content === "string" && "at" in value && typeof value.at === "number" &&
    "state" in value && (value.state === "waiting" || value.state === "failed");
}
