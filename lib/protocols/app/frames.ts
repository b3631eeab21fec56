/**
 * Protocol 5, the web app's own: one socket at `/ws` for every room that a person looks at. The frames, for both sides;
 * islands import this, so nothing here runs on the server only.
 *
 * Every request may carry a `nonce` and gets exactly one `ok` or `error` with it. `ok` for a `post` comes after its
 * commit; the entry itself comes in `events` like everyone else's, before or after that `ok`.
 * @module
 */
import type { RoomEvent } from "@/lib/model/cluster.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";

/** What a client may send. Ids of messages are server-wide; `room` is always an id. */
export type ClientFrame =
  | {
    /** Follow a room. With `after` and its `epoch`, what was missed comes first, or `reset`. Without, only what is new. */
    readonly type: "subscribe";
    readonly room: number;
    readonly after?: number;
    readonly epoch?: string;
    readonly nonce?: string;
  }
  | { readonly type: "unsubscribe"; readonly room: number; readonly nonce?: string }
  | {
    readonly type: "post";
    readonly room: number;
    readonly content: string;
    readonly reply_to?: number;
    readonly nonce?: string;
  }
  | {
    readonly type: "edit";
    readonly room: number;
    readonly id: number;
    readonly content: string;
    readonly nonce?: string;
  }
  | { readonly type: "delete"; readonly room: number; readonly id: number; readonly nonce?: string }
  | {
    readonly type: "react";
    readonly room: number;
    readonly id: number;
    readonly emoji: string;
    readonly on: boolean;
    readonly nonce?: string;
  }
  | { readonly type: "pin"; readonly room: number; readonly id: number; readonly on: boolean; readonly nonce?: string }
  | { readonly type: "typing"; readonly room: number; readonly on: boolean; readonly nonce?: string }
  | { readonly type: "read"; readonly room: number; readonly seq: number; readonly nonce?: string }
  | {
    /** What one says of oneself, to everybody in the rooms that this socket follows. */
    readonly type: "status";
    readonly state: Status["state"];
    readonly text?: string;
    readonly nonce?: string;
  }
  | { readonly type: "ping"; readonly nonce?: string };

/** A room in the sidebar. */
export interface RoomSummary {
  readonly room: Room;
  readonly head: Head;
  /** How many people are in it now. */
  readonly online: number;
  /** Messages since the person was here last; 0 for guests, and where they never were. */
  readonly unread: number;
  /** How many of those name the person. */
  readonly mentions: number;
}

/** What the server sends. */
export type ServerFrame =
  | {
    readonly type: "hello";
    /** Who the server takes this socket for; null is somebody without a name, who can only read. */
    readonly user: Person | null;
    /** Milliseconds since 1970. */
    readonly server_time: number;
    readonly version: string;
    readonly rooms: readonly RoomSummary[];
  }
  | {
    /** Entries with `seq` from `from` on, dense and in order. */
    readonly type: "events";
    readonly room: number;
    readonly from: number;
    readonly entries: readonly Entry[];
  }
  /** What was missed is too much, gone, or of another log: load the page of history anew, then go on from `head`. */
  | { readonly type: "reset"; readonly room: number; readonly head: Head }
  /** Who is in the room now, sorted by name. */
  | { readonly type: "presence"; readonly room: number; readonly users: readonly Present[] }
  /** Who types, never oneself; empty when it ends. */
  | { readonly type: "typing"; readonly room: number; readonly users: readonly string[] }
  /** Somebody has read up to `seq`. */
  | { readonly type: "read"; readonly room: number; readonly user: Person; readonly seq: number }
  /** What the account of this socket has not read in a room where it is not looking. */
  | { readonly type: "unread"; readonly room: number; readonly count: number; readonly mentions: number }
  | { readonly type: "rooms"; readonly event: RoomEvent; readonly room: Room }
  | { readonly type: "ok"; readonly nonce: string; readonly id?: number; readonly seq?: number }
  | {
    readonly type: "error";
    readonly nonce?: string;
    readonly code: string;
    readonly detail: string;
    /** Seconds after which it is worth trying again. */
    readonly retry_after?: number;
  }
  | { readonly type: "pong"; readonly nonce?: string };

const SERVER_TYPES: ReadonlySet<unknown> = new Set<ServerFrame["type"]>([
  "hello",
  "events",
  "reset",
  "presence",
  "typing",
  "read",
  "unread",
  "rooms",
  "ok",
  "error",
  "pong",
]);

/** The frame in a text that the server sent, or undefined for one that this client does not know. */
export function parseServerFrame(text: string): ServerFrame | undefined {
  const frame: unknown = JSON.parse(text);
  return isServerFrame(frame) ? frame : undefined;
}

function isServerFrame(frame: unknown): frame is ServerFrame {
  return typeof frame === "object" && frame !== null && "type" in frame && SERVER_TYPES.has(frame.type);
}

/** Close codes that tell a client not to come back by itself (protocols.md, "Shared facts"). */
export const FINAL_CLOSES: ReadonlySet<number> = new Set([1008, 4400, 4401, 4403, 4404]);
