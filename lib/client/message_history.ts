/**
 * The messages of a room that are in the page.
 * @module
 */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Entry } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { LoadPage, PageQuery } from "@/lib/client/rest.ts";
import { appended, arrived, folded, type MessageWindow, prepended } from "@/lib/client/message_window.ts";
import type { RoomView } from "@/lib/client/room_view.ts";
import { t } from "@/lib/ui/strings.ts";

type Side = "older" | "newer" | "latest";

/** Pages through a room's history, and folds what comes in live into the page. */
export class MessageHistory {
  /** The messages in the page. */
  readonly window = signal<MessageWindow>({ posts: [], older: false, newer: false });
  /** Which side is being loaded. */
  readonly loading = signal<Side | undefined>(undefined);
  /** Whether the last page could not be loaded. Until the reader tries again, none is loaded by itself. */
  hasFailed = false;
  readonly #room: number;
  readonly #load: LoadPage;
  readonly #view: RoomView;
  readonly #user: ReadonlySignal<Person | null>;
  /** What came in since a page was asked for, and may be missing from it. */
  #meanwhile: Entry[] | undefined;

  /**
   * @param view Shows what cannot be loaded, and scrolls to the latest messages.
   * @param user The reader, whose reactions are marked.
   */
  constructor(room: number, load: LoadPage, view: RoomView, user: ReadonlySignal<Person | null>) {
    this.#room = room;
    this.#load = load;
    this.#view = view;
    this.#user = user;
  }

  /** Adds new entries of the room's log. */
  add(entries: readonly Entry[]): void {
    this.#meanwhile?.push(...entries);
    this.window.value = arrived(this.window.peek(), entries, this.#view.atEnd, this.#user.peek()?.id);
  }

  /** Loads the page before the first message. */
  loadOlder(): Promise<void> {
    const { posts: [first], older } = this.window.peek();
    if (!older) return Promise.resolve();
    if (!first) return this.loadLatest();
    return this.#page("older", { before: messageId(this.#room, first.seq) }, prepended);
  }

  /** Loads the page after the last message. */
  loadNewer(): Promise<void> {
    const { posts, newer } = this.window.peek(), last = posts.at(-1);
    if (!newer) return Promise.resolve();
    if (!last) return this.loadLatest();
    return this.#page("newer", { after: messageId(this.#room, last.seq) }, appended);
  }

  /** Replaces what is in the page by the newest messages. */
  loadLatest(): Promise<void> {
    return this.#page("latest", {}, (_, page) => page);
  }

  /** Loads a page that could not be loaded before. */
  retry(side: "older" | "newer"): Promise<void> {
    this.#view.problem.value = undefined;
    this.hasFailed = false;
    return side === "older" ? this.loadOlder() : this.loadNewer();
  }

  async #page(side: Side, query: PageQuery, place: (old: MessageWindow, page: MessageWindow) => MessageWindow) {
    if (this.loading.peek() !== undefined && side !== "latest") return;
    this.loading.value = side;
    const meanwhile: Entry[] = this.#meanwhile = [];
    const page = await this.#load(this.#room, query).catch(() => undefined);
    // A request for the latest messages took its place.
    if (meanwhile !== this.#meanwhile) return;
    batch(() => {
      if (page) this.window.value = place(this.window.peek(), this.#caughtUp(page, meanwhile, side));
      if (page && side === "latest") this.#view.scrollToEnd();
      if (!page) this.#view.problem.value = t.room.loadFailed;
      else if (this.hasFailed) this.#view.problem.value = undefined;
      this.hasFailed = page === undefined;
      this.#meanwhile = undefined;
      this.loading.value = undefined;
    });
  }

  #caughtUp(page: MessageWindow, entries: readonly Entry[], side: Side): MessageWindow {
    const reader = this.#user.peek()?.id;
    if (side !== "older" && !page.newer) return arrived(page, entries, true, reader);
    return { ...page, posts: entries.reduce((posts, entry) => folded(posts, entry, reader), page.posts) };
  }
}
