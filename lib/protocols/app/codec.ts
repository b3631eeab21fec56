/**
 * Protocol 5: the web app's socket, `/ws` (docs/protocols.md).
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageId } from "@/lib/model/message.ts";
import type { RoomSummary, ServerFrame } from "@/lib/protocols/app/frames.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { appClientFrame } from "@/lib/protocols/app/schema.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";

/** The first frame from the server. */
export function helloFrame(user: Person | null, version: string, rooms: readonly RoomSummary[]): string {
  return frame({ type: "hello", user, server_time: Date.now(), version, rooms });
}

/** Protocol 5. */
export const appCodec: Codec = {
  protocol: "app",
  decode: (text) => parseFrame(appClientFrame, text),
  entry: (_room, entry) => JSON.stringify(withoutNonce(entry)),
  batch: (room, from) => [`{"type":"events","room":${room.id},"from":${from},"entries":[`, "]}"],
  people: ({ id: room }, users) => frame({ type: "presence", room, users }),
  typing: ({ id: room }, users) => frame({ type: "typing", room, users }),
  read: ({ id: room }, user, seq) => frame({ type: "read", room, user, seq }),
  unread: (room, { count, mentions }) => frame({ type: "unread", room, count, mentions }),
  reset: ({ id: room }, head) => frame({ type: "reset", room, head }),
  roomEvent: (event, room) => frame({ type: "rooms", event, room }),
  done: ({ nonce, room, post, entry }) => {
    if (nonce === undefined) return undefined;
    const seq = post?.seq ?? entry?.seq;
    const id = post && room !== undefined ? messageId(room.id, post.seq) : undefined;
    return frame({ type: "ok", nonce, id, seq });
  },
  error: ({ code, message, retryAfter }, nonce) =>
    frame({ type: "error", code, detail: message, nonce, retry_after: retryAfter }),
  pong: (nonce) => frame({ type: "pong", nonce }),
};

/** An entry without the nonce of its message, which is for the author alone. */
function withoutNonce(entry: Entry): Entry {
  if (entry.type === "edit") return { ...entry, message: { ...entry.message, nonce: undefined } };
  return "nonce" in entry ? { ...entry, nonce: undefined } : entry;
}

function frame(frame: ServerFrame): string {
  return JSON.stringify(frame);
}
