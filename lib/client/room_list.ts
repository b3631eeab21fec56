/**
 * The rooms of the sidebar.
 * @module
 */
import { signal } from "@preact/signals";
import type { Room } from "@/lib/chat/entries.ts";
import type { ServerFrame } from "@/lib/protocol/app.ts";

/** The rooms of the sidebar, in order of creation. */
export class RoomList {
  /** What there is now. */
  readonly rooms = signal<readonly Room[]>([]);

  /** Takes what the server sends; other frames are none of its business. */
  receive(frame: ServerFrame): void {
    if (frame.type === "hello") this.rooms.value = frame.rooms.map(({ room }) => room);
    if (frame.type !== "rooms") return;
    const others = this.rooms.peek().filter(({ id }) => id !== frame.room.id);
    this.rooms.value = frame.event === "deleted" ? others : [...others, frame.room].sort((a, b) => a.id - b.id);
  }
}
