/**
 * Rooms.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { head, room, roomKind } from "@/lib/model/schema/room.ts";

/** Who may come: everyone, members, or the two people of a direct conversation. */
export type RoomKind = Parsed<typeof roomKind>;

/** A place where people talk. */
export type Room = Parsed<typeof room>;

/** Where a room's log stands. */
export type Head = Parsed<typeof head>;

/** Id of the room that is always there. */
export const GENERAL = 1;

/** The room's name as this person sees it: a direct one has the other's name. */
export function roomTitle(room: Room, person: { readonly id: string } | null): string {
  const other = room.between?.find(({ id }) => id !== person?.id);
  return other?.name ?? room.name;
}
