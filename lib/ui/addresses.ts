/**
 * Addresses of pages.
 * @module
 */
import { messageId } from "@/lib/model/message.ts";

/** The page of a room; the id stays when the room is renamed. */
export function roomAddress(room: number): string {
  return `/rooms/${room}`;
}

/** The page around a message. */
export function messageAddress(room: number, seq: number): string {
  return `/rooms/${room}/messages/${messageId(room, seq)}`;
}

/** The profile of an account. */
export function personAddress(name: string): string {
  return `/people/${encodeURIComponent(name)}`;
}

/** The page to sign in, which then leads to a path. */
export function signInAddress(next: string): string {
  return `/login?next=${encodeURIComponent(next)}`;
}
