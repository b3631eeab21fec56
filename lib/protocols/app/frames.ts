/**
 * The frames of protocol 5, the web app's own: one socket at `/ws` for every room that a person looks at. The browser
 * imports this, so there are types here, and no zod.
 *
 * Every request may carry a `nonce` and gets exactly one `ok` or `error` with it. `ok` for a `post` comes after its
 * commit; the entry itself comes in `events` as for everyone else, before or after that `ok`.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { appClientFrame, appServerFrame, roomSummary } from "@/lib/protocols/app/schema.ts";

/** What a client sends. */
export type ClientFrame = Immutable<z.input<typeof appClientFrame>>;

/** A room in the sidebar. */
export type RoomSummary = Immutable<z.infer<typeof roomSummary>>;

/** What the server sends. */
export type ServerFrame = Immutable<z.infer<typeof appServerFrame>>;

const SERVER_TYPES = {
  hello: true,
  events: true,
  reset: true,
  presence: true,
  typing: true,
  read: true,
  unread: true,
  rooms: true,
  ok: true,
  error: true,
  pong: true,
} satisfies Record<ServerFrame["type"], true>;

/** Parses a frame from the server; undefined for one that this client doesn't know. */
export function parseServerFrame(text: string): ServerFrame | undefined {
  const frame: unknown = JSON.parse(text);
  return isServerFrame(frame) ? frame : undefined;
}

function isServerFrame(frame: unknown): frame is ServerFrame {
  return typeof frame === "object" && frame !== null && "type" in frame && typeof frame.type === "string" &&
    Object.hasOwn(SERVER_TYPES, frame.type);
}

/** Close codes after which a client doesn't reconnect by itself. */
export const FINAL_CLOSES: ReadonlySet<number> = new Set([1008, 4400, 4401, 4403, 4404]);
