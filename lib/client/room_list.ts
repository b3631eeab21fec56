/**
 * The rooms of the sidebar.
 * @module
 */
import { signal } from "@preact/signals";
import type { Room } from "@/lib/model/room.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";

/** A room of the sidebar, with its unread messages. */
export interface RoomItem {
  readonly room: Room;
  /** Number of unread messages. */
  readonly unread: number;
  /** How many of them mention the reader. */
  readonly mentions: number;
}

/** The rooms of the sidebar, in order of creation. */
export class RoomList {
  readonly items = signal<readonly RoomItem[]>([]);

  /** Takes a frame from the server; those about something else are ignored. */
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
