/**
 * A room as a page shows it: drawn by the server, then kept up to date over the socket.
 * @module
 */
import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isPost } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person, Present } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import { type Connection, refusalIn, type RequestError } from "@/lib/client/connection.ts";
import type { LoadPage } from "@/lib/client/rest.ts";
import { LogPosition } from "@/lib/client/log_position.ts";
import { MessageHistory } from "@/lib/client/message_history.ts";
import type { Outbox } from "@/lib/client/outbox.ts";
import type { RoomSnapshot } from "@/lib/client/page_context.ts";
import { PendingDeletes } from "@/lib/client/pending_deletes.ts";
import { ReadReporter } from "@/lib/client/reporters.ts";
import { RoomView } from "@/lib/client/room_view.ts";
import { t } from "@/lib/ui/strings.ts";

/** What a room needs of its page. */
export interface RoomParts {
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly load: LoadPage;
  /** The reader: their own messages are not announced, and the server keeps how far an account has read. */
  readonly user: ReadonlySignal<Person | null>;
  /** Called after each answer to a subscription. */
  readonly onSubscribed: () => void;
}

/** The page's room. */
export class RoomStore {
  readonly id: number;
  /** Name, description and the rest, as they are now. */
  readonly room: Signal<Room>;
  /** Who is here, by name. */
  readonly people = signal<readonly Present[]>([]);
  /** Names of those who are typing. */
  readonly typing = signal<readonly string[]>([]);
  /** Whether the room is gone, at least for the reader. */
  readonly deleted = signal(false);
  readonly view = new RoomView();
  readonly history: MessageHistory;
  /** Messages that the reader deleted a moment ago. */
  readonly pendingDeletes = new PendingDeletes((seq) => this.#delete(seq));
  readonly #parts: RoomParts;
  readonly #position: LogPosition;
  readonly #reads = new ReadReporter((seq) => this.#parts.connection.send({ type: "read", room: this.id, seq }));

  /** A room whose log stood at the snapshot's `head` when the server drew the page. */
  constructor({ room, head }: RoomSnapshot, parts: RoomParts) {
    this.id = room.id;
    this.room = signal(room);
    this.#parts = parts;
    this.history = new MessageHistory(room.id, parts.load, this.view, parts.user);
    this.#position = new LogPosition(room.id, head, parts.connection, (refusal) => this.#subscribed(refusal));
  }

  /** Takes over what one more island was given. */
  adopt({ window, people }: RoomSnapshot): void {
    if (window && this.history.window.peek().posts.length === 0) this.history.window.value = window;
    if (people && this.people.peek().length === 0) this.people.value = people;
  }

  /** Subscribes to the room, now and after each reconnect. */
  follow(): void {
    this.#matchOutbox();
    this.#position.follow();
  }

  /** What was sent before may have come with a page of history. */
  #matchOutbox(): void {
    this.#parts.outbox.arrived(this.id, this.history.window.peek().posts, this.#position.seq);
  }

  /** Takes a frame from the server; those about other rooms are ignored. */
  receive(frame: ServerFrame): void {
    if (frame.type === "hello") {
      this.history.hasFailed = false;
      this.#position.resume();
    } else if (frame.type === "rooms" && frame.room.id === this.id) {
      if (frame.event === "deleted") this.deleted.value = true;
      else this.room.value = frame.room;
    } else if (frame.type === "error" && frame.nonce === undefined && frame.code === "forbidden") {
      // Answers no request: the reader was banned, say.
      this.view.problem.value = frame.detail;
    } else if ("room" in frame && frame.room === this.id) {
      this.#receiveHere(frame);
    }
  }

  #receiveHere(frame: ServerFrame): void {
    if (frame.type === "events") this.#events(frame);
    else if (frame.type === "presence") this.people.value = frame.users;
    else if (frame.type === "typing") this.typing.value = frame.users;
    else if (frame.type === "reset") {
      this.#position.reset(frame.head);
      this.history.loadLatest().then(() => this.#matchOutbox());
    }
  }

  #events(frame: Extract<ServerFrame, { type: "events" }>): void {
    const entries = this.#position.advance(frame), posts = entries.filter(isPost);
    const id = this.#parts.user.peek()?.id;
    batch(() => {
      this.history.add(entries);
      this.#parts.outbox.arrived(this.id, posts, this.#position.seq);
      for (const entry of entries) {
        if (entry.type !== "room") continue;
        const { name, description, archived } = entry;
        this.room.value = { ...this.room.peek(), name, description, archived };
      }
      this.view.arrived(posts.filter(({ by }) => by.id !== id));
      this.seen();
    });
  }

  #subscribed(refusal: RequestError | undefined): void {
    if (refusal?.code === "room_not_found") this.deleted.value = true;
    else if (refusal) this.view.problem.value = refusal.message;
    this.#parts.onSubscribed();
    this.#reads.reset();
    this.seen();
  }

  /** The page became visible, or hidden. */
  show(isVisible: boolean): void {
    this.view.isVisible = isVisible;
    this.seen();
  }

  /** If the reader sees the end, nothing is unseen and everything is read. */
  seen(): void {
    if (!this.view.seesEnd) return;
    this.view.unseen.value = 0;
    if (this.#parts.user.peek()?.guest === false) this.#reads.saw(this.#position.seq);
  }

  /** Posts a message. It shows at once, and is pending until the server has it. */
  post(by: Person, content: string): void {
    this.#parts.outbox.add(this.id, by.id, content);
    if (this.history.window.peek().newer) this.history.loadLatest();
    else this.view.scrollToEnd();
  }

  /** Edits a message. Answers whether it was done; if not, the view says why. */
  edit(seq: number, content: string): Promise<boolean> {
    return this.#request({ type: "edit", room: this.id, id: messageId(this.id, seq), content });
  }

  /** Adds or removes a reaction. */
  react(seq: number, emoji: string, on: boolean): Promise<boolean> {
    return this.#request({ type: "react", room: this.id, id: messageId(this.id, seq), emoji, on });
  }

  async #delete(seq: number): Promise<void> {
    await this.#request({ type: "delete", room: this.id, id: messageId(this.id, seq) });
  }

  /** Tells the others whether the reader is typing. */
  type(on: boolean): void {
    this.#parts.connection.send({ type: "typing", room: this.id, on });
  }

  /** Opens the reader's last message for editing. Answers whether there is one in the page. */
  editLast(): boolean {
    const id = this.#parts.user.peek()?.id;
    const last = this.history.window.peek().posts.findLast(({ by }) => by.id === id);
    if (last) this.view.editing.value = last.seq;
    return last !== undefined;
  }

  async #request(frame: Parameters<Connection["request"]>[0]): Promise<boolean> {
    const refusal = await this.#parts.connection.request(frame).then(() => undefined, refusalIn);
    this.view.problem.value = refusal?.code === "disconnected" ? t.error.network : refusal?.message;
    return refusal === undefined;
  }
}
