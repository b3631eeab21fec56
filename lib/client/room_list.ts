/**
 * The rooms of the sidebar.
 * @module
 */
import { signal } from "@preact/signals";
import type { Room } from "@/lib/model/room.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";

/** A room of the sidebar, and what waits there. */
export interface RoomItem {
  readonly room: Room;
  /** Messages that the reader has not read. */
  readonly unread: number;
  /** How many of those name the reader. */
  readonly mentions: number;
}

/** The rooms of the sidebar, in order of creation. */
export class RoomList {
  /** What there is now. */
  readonly items = signal<readonly RoomItem[]>([]);

  /** Takes what the server sends; other frames are none of its business. */
  receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        this.items.value = frame.rooms.map(({ room, unread, mentions }) => ({ room, unread, mentions }));
        break;
      case "unread": {
        const { room, count: unread, mentions } = frame;
        this.items.value = this.items.peek().map((item) =>
          item.room.id === room ? { ...item, unread, mentions } : item
        );
        break;
      }
      case "rooms":
        this.items.value = this.#with(frame);
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
