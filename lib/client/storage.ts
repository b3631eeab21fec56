/**
 * What the browser keeps of the outbox, and how it keeps things.
 * @module
 */

/** The part of `localStorage` that is used. */
export type KeyValueStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `localStorage`, or undefined where the browser forbids it. */
export function browserStorage(): KeyValueStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Keeps a text; an empty one is removed. Answers false where there is no place for it. */
export function keep(storage: KeyValueStorage | undefined, key: string, text: string): boolean {
  try {
    if (text === "") storage?.removeItem(key);
    else storage?.setItem(key, text);
    return storage !== undefined;
  } catch {
    return false;
  }
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
    const after = change(this.read());
    return keep(this.#storage, KEY, after.length === 0 ? "" : JSON.stringify(after));
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  return typeof value === "object" && value !== null && "nonce" in value && typeof value.nonce === "string" &&
    "room" in value && typeof value.room === "number" && "by" in value && typeof value.by === "string" &&
    "content" in value && typeof value.content === "string" && "at" in value && typeof value.at === "number" &&
    "state" in value && (value.state === "waiting" || value.state === "failed");
}
