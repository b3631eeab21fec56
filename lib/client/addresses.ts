/**
 * The addresses of pages.
 * @module
 */
import { messageId } from "@/lib/chat/entries.ts";

/** A room's page. Its id stays when it is renamed. */
export function roomAddress(room: number): string {
  return `/rooms/${room}`;
}

/** The page around one message. */
export function messageAddress(room: number, seq: number): string {
  return `/rooms/${room}/messages/${messageId(room, seq)}`;
}
