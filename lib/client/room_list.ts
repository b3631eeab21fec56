/**
 * The rooms of the sidebar.
 * @module
 */
import { signal } from "@preact/signals";
import type { RoomSummary, ServerFrame } from "@/lib/protocols/app/frames.ts";

/** A room of the sidebar, with its unread messages, and how many of them mention the reader. */
export type RoomItem = Pick<RoomSummary, "room" | "unread" | "mentions">;

/** The rooms of the sidebar, in order of creation. */
export class RoomList {
  readonly items = signal<readonly RoomItem[]>([]);

  /** Takes a frame from the server; those about something else are ignored. */
  receive(frame: ServerFrame): void {
    if (frame.type === "hello") this.items.value = frame.rooms;
    else if (frame.type === "rooms") this.items.value = this.#with(frame);
    else if (frame.type === "unread") {
      const { room, count: unread, mentions } = frame;
      const change = (item: RoomItem) => item.room.id === room ? { ...item, unread, mentions } : item;
      this.items.value = this.items.peek().map(change);
    }
  }

  #with({ event, room }: Extract<ServerFrame, { type: "rooms" }>): RoomItem[] {
    const items = this.items.peek(), known = items.find((item) => item.room.id === room.id);
    const others = items.filter((item) => item !== known);
    if (event === "deleted") return others;
    const { unread, mentions } = known ?? { unread: 0, mentions: 0 };
    return [...others, { room, unread, mentions }].sort((a, b) => a.room.id - b.room.id);
  }
}
