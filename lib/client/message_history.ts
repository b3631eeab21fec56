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

  /** Loads the page before the first message, or after the last, if there is one. */
  loadMore(side: "older" | "newer"): Promise<void> {
    const { posts, ...has } = this.window.peek(), post = side === "older" ? posts[0] : posts.at(-1);
    if (!has[side]) return Promise.resolve();
    if (!post) return this.loadLatest();
    const id = messageId(this.#room, post.seq);
    return side === "older" ? this.#page(side, { before: id }, prepended) : this.#page(side, { after: id }, appended);
  }

  /** Replaces what is in the page by the newest messages. */
  loadLatest(): Promise<void> {
    return this.#page("latest", {}, (_, page) => page);
  }

  /** Loads a page that could not be loaded before. */
  retry(side: "older" | "newer"): Promise<void> {
    this.#view.problem.value = undefined;
    this.hasFailed = false;
    return this.loadMore(side);
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
