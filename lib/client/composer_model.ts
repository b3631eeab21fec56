/**
 * The model of the field in which messages are written.
 * @module
 */
import { signal } from "@preact/signals";
import { CONTENT_MAX } from "@/lib/model/limits.ts";
import { isSubmit, type KeyPress } from "@/lib/client/input.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { TypingNotifier } from "@/lib/client/reporters.ts";

type Page = Pick<PageStore, "drafts" | "user">;
type Room = Pick<RoomStore, "id" | "post" | "type" | "editLast">;
type Field = Pick<HTMLTextAreaElement, "value" | "focus">;

/** A room's composer: its draft, its length, sending, typing and keys. */
export class ComposerModel {
  /** What is typed. */
  readonly text = signal("");
  readonly #page: Page;
  readonly #room: Room;
  readonly #typing: TypingNotifier;
  #field: Field | undefined;

  /** A composer without a field. */
  constructor(page: Page, room: Room) {
    this.#page = page;
    this.#room = room;
    this.#typing = new TypingNotifier((on) => room.type(on));
  }

  /** How many characters it is too long; 0 or less where it fits. */
  get over(): number {
    return this.text.value.trim().length - CONTENT_MAX;
  }

  /** Takes a field, which gets the draft unless it has a text. */
  attach(field: Field): void {
    this.#field = field;
    field.value ||= this.#page.drafts.get(this.#room.id);
    this.text.value = field.value;
  }

  /** Lets the field go. */
  detach(): void {
    this.#field = undefined;
    this.#typing.stop();
  }

  /** The field's text has changed. */
  input(): void {
    const text = this.text.value = this.#field?.value ?? "";
    this.#page.drafts.set(this.#room.id, text);
    if (text.trim() === "") this.#typing.stop();
    else this.#typing.key();
  }

  /** Sends the text, unless it is empty or too long. */
  send(): void {
    const field = this.#field, user = this.#page.user.peek(), content = this.text.peek().trim();
    if (!field || !user || content === "" || this.over > 0) return;
    this.#room.post(user, content);
    field.value = "";
    this.input();
    field.focus();
  }

  /** Sends on Enter, and edits the last message on ↑ in an empty field. */
  keyDown(event: KeyPress): void {
    if (isSubmit(event)) this.send();
    else if (event.key !== "ArrowUp" || this.text.peek() !== "" || !this.#room.editLast()) return;
    event.preventDefault();
  }
}
