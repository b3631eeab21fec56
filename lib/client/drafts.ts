/**
 * Drafts: what was typed into a composer and not sent.
 * @module
 */
import type { KeyValueStorage } from "@/lib/client/storage.ts";

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
