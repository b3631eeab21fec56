/**
 * A room as a page shows it: what was drawn by the server, and after that what comes over the socket.
 * @module
 */
import { batch, signal } from "@preact/signals";
import { isPost } from "@/lib/model/entry.ts";
import type { Person, Present } from "@/lib/model/person.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import type { Connection } from "@/lib/client/connection.ts";
import { RequestError } from "@/lib/client/connection.ts";
import type { LoadPage, PageQuery } from "@/lib/client/history.ts";
import type { Outbox } from "@/lib/client/outbox.ts";
import { Reader } from "@/lib/client/reader.ts";
import { t } from "@/lib/ui/strings.ts";
import { appended, arrived, folded, type MessageWindow, prepended } from "@/lib/client/message_window.ts";
import { PendingDeletes } from "@/lib/client/pending_deletes.ts";

/** How long a notice stands, in milliseconds. */
const NOTICE_TIME = 4_000;

type Events = Extract<ServerFrame, { type: "events" }>;

/** A room as a page shows it. */
export class RoomState {
  /** Its name and description, as they are now. */
  readonly room = signal<Room>(NO_ROOM);
  /** The messages in the page. */
  readonly window = signal<MessageWindow>({ posts: [], older: false, newer: false });
  /** Who is here, by name. */
  readonly people = signal<readonly Present[]>([]);
  /** Names of those who type. */
  readonly typing = signal<readonly string[]>([]);
  /** How many messages came in that the reader has not scrolled to. */
  readonly unseen = signal(0);
  /** What a screen reader is told. */
  readonly announcement = signal("");
  /** Somebody deleted the room. */
  readonly deleted = signal(false);
  /** A page could not be loaded: nothing more is loaded by itself until somebody asks for it. */
  stuck = false;
  /** Which side is being loaded. */
  readonly loading = signal<"older" | "newer" | "latest" | undefined>(undefined);
  /** What failed, for people. */
  readonly problem = signal<string | undefined>(undefined);
  /** What was done, for people; it goes by itself. */
  readonly notice = signal<string | undefined>(undefined);
  /** `seq` of the message that is being edited. */
  readonly editing = signal<number | undefined>(undefined);
  /** Messages that disappear in a moment unless someone takes it back. */
  readonly pendingDeletes: PendingDeletes;
  /** Counts up when the page is to scroll to its end. */
  readonly toEnd = signal(0);
  /** Whether the reader looks at the end; kept by the timeline. */
  atEnd = true;
  /** Whether the page is in sight at all. */
  #visible = true;
  /** Called when the server has answered that the room is followed, or that it cannot be. */
  onFollow: () => void = () => {};
  /** Who reads: their own messages need no notice, and of an account the server keeps how far it has read. */
  me: Person | null = null;

  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #load: LoadPage;
  #epoch: string;
  #seq: number;
  #during: Events["entries"][] | undefined;
  #following = false;
  #subscribing = false;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #reader = new Reader((seq) => this.#connection.send({ type: "read", room: this.id, seq }));

  /** The state of a room whose log stood at `head` when the server drew the page. */
  constructor(room: Room, head: Head, parts: { connection: Connection; outbox: Outbox; load: LoadPage }) {
    this.room.value = room;
    this.#epoch = head.epoch;
    this.#seq = head.seq;
    this.#connection = parts.connection;
    this.#outbox = parts.outbox;
    this.#load = parts.load;
    this.pendingDeletes = new PendingDeletes((seq) => this.#remove(seq));
  }

  /** The room's id. */
  get id(): number {
    return this.room.peek().id;
  }

  /** Starts to follow the room, now and after each reconnect. */
  follow(): void {
    this.#following = true;
    if (this.#connection.phase.peek().name === "live") this.#subscribe();
  }

  async #subscribe(): Promise<void> {
    if (this.#subscribing) return;
    this.#subscribing = true;
    try {
      await this.#connection.request({ type: "subscribe", room: this.id, after: this.#seq, epoch: this.#epoch });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.code === "disconnected") return;
      if (error.code === "room_not_found") this.deleted.value = true;
      else this.problem.value = error.message;
    } finally {
      this.#subscribing = false;
    }
    this.onFollow();
    this.#reader.forget();
    this.saw();
  }

  /** Takes what the server sends; frames about other rooms are none of its business. */
  receive(frame: ServerFrame): void {
    if (frame.type === "hello") {
      this.stuck = false;
      if (this.#following) this.#subscribe();
    }
    if (frame.type === "rooms") this.#roomEvent(frame);
    // No answer to a request: such as that one is banned from here.
    if (frame.type === "error" && frame.nonce === undefined && frame.code === "forbidden") {
      this.problem.value = frame.detail;
    }
    if (!("room" in frame) || frame.room !== this.id) return;
    if (frame.type === "events") this.#events(frame);
    else if (frame.type === "presence") this.people.value = frame.users;
    else if (frame.type === "typing") this.typing.value = frame.users;
    else if (frame.type === "reset") {
      this.#epoch = frame.head.epoch;
      this.#seq = frame.head.seq;
      this.loadLatest();
    }
  }

  #roomEvent(frame: Extract<ServerFrame, { type: "rooms" }>): void {
    if (frame.room.id !== this.id) return;
    if (frame.event === "deleted") this.deleted.value = true;
    else this.room.value = frame.room;
  }

  #events({ from, entries }: Events): void {
    // A gap means that something was lost on the way: the log has it.
    if (from > this.#seq + 1) {
      this.#subscribe();
      return;
    }
    const fresh = entries.filter(({ seq }) => seq > this.#seq);
    this.#seq = Math.max(this.#seq, entries.at(-1)?.seq ?? 0);
    const posts = fresh.filter(isPost);
    batch(() => {
      this.#during?.push(fresh);
      this.window.value = arrived(this.window.peek(), fresh, this.atEnd, this.me?.id);
      this.#outbox.arrived(this.id, posts, this.#seq);
      for (const entry of fresh) {
        if (entry.type === "room") this.room.value = { ...this.room.peek(), ...roomPart(entry) };
      }
      this.#notice(posts);
      this.saw();
    });
  }

  #notice(posts: readonly Post[]): void {
    const others = posts.filter(({ by }) => by.id !== this.me?.id);
    const last = others.at(-1);
    if (!last) return;
    if (!this.atEnd || !this.#visible) this.unseen.value += others.length;
    this.announcement.value = t.message.announce(last.by.name, last.content);
  }

  /** The page came into sight, or went out of it. */
  show(visible: boolean): void {
    this.#visible = visible;
    this.saw();
  }

  /** The reader may have come to the end: then nothing is unseen, and all is read. */
  saw(): void {
    if (!this.#visible || !this.atEnd) return;
    this.unseen.value = 0;
    if (this.me && !this.me.guest) this.#reader.saw(this.#seq);
  }

  /** Loads the page before the first message. */
  loadOlder(): Promise<void> {
    const first = this.window.peek().posts[0];
    if (!this.window.peek().older) return Promise.resolve();
    if (!first) return this.loadLatest();
    return this.#page("older", { before: messageId(this.id, first.seq) }, prepended);
  }

  /** Loads the page after the last message. */
  loadNewer(): Promise<void> {
    const last = this.window.peek().posts.at(-1);
    if (!this.window.peek().newer) return Promise.resolve();
    if (!last) return this.loadLatest();
    return this.#page("newer", { after: messageId(this.id, last.seq) }, appended);
  }

  /** Shows the newest messages in place of what is there. */
  loadLatest(): Promise<void> {
    return this.#page("latest", {}, (_, page) => page);
  }

  async #page(
    side: "older" | "newer" | "latest",
    query: PageQuery,
    place: (old: MessageWindow, page: MessageWindow) => MessageWindow,
  ) {
    if (this.loading.peek() !== undefined && side !== "latest") return;
    this.loading.value = side;
    // What happens while the page is on its way may be missing from it.
    const during: Events["entries"][] = this.#during = [];
    try {
      const page = await this.#load(this.id, query);
      if (during !== this.#during) return;
      batch(() => {
        const placed = place(this.window.peek(), this.#caughtUp(page, during, side));
        this.window.value = placed;
        if (side === "latest") {
          this.unseen.value = 0;
          this.toEnd.value++;
        }
        if (this.stuck) this.problem.value = undefined;
        this.stuck = false;
      });
    } catch {
      if (during === this.#during) {
        this.problem.value = t.room.loadFailed;
        this.stuck = true;
      }
    } finally {
      if (during === this.#during) {
        this.#during = undefined;
        this.loading.value = undefined;
      }
    }
  }

  #caughtUp(
    page: MessageWindow,
    during: readonly Events["entries"][],
    side: "older" | "newer" | "latest",
  ): MessageWindow {
    const entries = during.flat();
    if (side !== "older" && !page.newer) return arrived(page, entries, true, this.me?.id);
    return { ...page, posts: entries.reduce((posts, entry) => folded(posts, entry, this.me?.id), page.posts) };
  }

  /** Says for a moment that something was done. */
  note(text: string): void {
    this.notice.value = text;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => this.notice.value = undefined, NOTICE_TIME);
  }

  /** Says something. It shows at once, and is on its way until the server has it. */
  post(by: Person, content: string): void {
    this.#outbox.add(this.id, by.id, content);
    if (this.window.peek().newer) this.loadLatest();
    else this.toEnd.value++;
  }

  /** Changes what a message says. Answers whether it was done; if not, `problem` says why. */
  edit(seq: number, content: string): Promise<boolean> {
    return this.#ask(() =>
      this.#connection.request({ type: "edit", room: this.id, id: messageId(this.id, seq), content })
    );
  }

  /** Adds or withdraws an emoji. */
  react(seq: number, emoji: string, on: boolean): Promise<boolean> {
    return this.#ask(() =>
      this.#connection.request({ type: "react", room: this.id, id: messageId(this.id, seq), emoji, on })
    );
  }

  async #remove(seq: number): Promise<void> {
    await this.#ask(() => this.#connection.request({ type: "delete", room: this.id, id: messageId(this.id, seq) }));
  }

  /** Tells the others whether one types. */
  type(on: boolean): void {
    this.#connection.send({ type: "typing", room: this.id, on });
  }

  async #ask(request: () => Promise<unknown>): Promise<boolean> {
    try {
      await request();
      this.problem.value = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.problem.value = error.code === "disconnected" ? t.error.network : error.message;
      return false;
    }
  }
}

function roomPart({ name, description, archived }: { name: string; description: string; archived: boolean }) {
  return { name, description, archived };
}

const NO_ROOM: Room = {
  id: 0,
  name: "",
  description: "",
  kind: "public",
  archived: false,
  createdAt: 0,
  createdBy: null,
};
