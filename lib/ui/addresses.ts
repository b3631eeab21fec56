/**
 * The addresses of pages.
 * @module
 */
import { messageId } from "@/lib/model/message.ts";

/** A room's page. Its id stays when it is renamed. */
export function roomAddress(room: number): string {
  return `/rooms/${room}`;
}

/** The page around one message. */
export function messageAddress(room: number, seq: number): string {
  return `/rooms/${room}/messages/${messageId(room, seq)}`;
}

/** The page of somebody with an account. */
export function personAddress(name: string): string {
  return `/people/${encodeURIComponent(name)}`;
}

/** Where one signs in, and then goes on to a path. */
export function signInAddress(next: string): string {
  return `/login?next=${encodeURIComponent(next)}`;
}
