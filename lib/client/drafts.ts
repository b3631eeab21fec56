/**
 * Drafts: texts in the composer that aren't sent yet, kept on the device.
 * @module
 */
import { keep, type KeyValueStorage } from "@/lib/client/storage.ts";

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
    keep(this.#storage, key(room), text.trim() === "" ? "" : text);
  }
}

function key(room: number): string {
  return `hubbub.draft.${room}`;
}
