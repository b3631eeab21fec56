/**
 * What was begun and not sent, per room, over reloads.
 * @module
 */
import type { KeyValueStorage } from "@/lib/client/outbox.ts";

/** The drafts of this browser. */
export class Drafts {
  readonly #shelf: KeyValueStorage | undefined;

  /** Drafts on a shelf; without one they last as long as the page. */
  constructor(shelf: KeyValueStorage | undefined) {
    this.#shelf = shelf;
  }

  /** The draft for a room, or "". */
  get(room: number): string {
    return this.#shelf?.getItem(key(room)) ?? "";
  }

  /** Keeps a draft; an empty one is forgotten. */
  set(room: number, text: string): void {
    try {
      if (text.trim() === "") this.#shelf?.removeItem(key(room));
      else this.#shelf?.setItem(key(room), text);
    } catch {
      // A full shelf: the text is still in the field.
    }
  }
}

function key(room: number): string {
  return `hubbub.draft.${room}`;
}
