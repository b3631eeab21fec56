/**
 * What the server knows when it draws a page, and hands to its islands.
 * @module
 */
import type { Person, Present } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { MessageWindow } from "@/lib/client/message_window.ts";

/** Props that every island of a page gets. */
export interface PageContext {
  /** The reader; null without a name. */
  readonly user: Person | null;
  /** Time zone in which times are drawn. */
  readonly zone: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether the reader can create rooms, and delete those that no account owns. */
  readonly managesRooms: boolean;
  /** Ids of avatar files, by the ids of the people in the page who have one. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** A room as the server drew it. Each island has the parts that it draws. */
export interface RoomSnapshot {
  readonly room: Room;
  readonly head: Head;
  readonly window?: MessageWindow;
  readonly people?: readonly Present[];
}
