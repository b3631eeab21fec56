/**
 * Protocol 1: one room on one socket, `/ws/chat/{room_id}` (docs/protocols.md).
 * @module
 */
import type { ChatError } from "@/lib/errors.ts";
import type { Entry, MemberChange } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head } from "@/lib/model/room.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";
import { roomClientFrame, type RoomServerFrame } from "@/lib/protocols/room/frames.ts";
import { messageJson } from "@/lib/protocols/room/views.ts";
import { isoTime } from "@/lib/protocols/time.ts";

/** How many people a frame names before it says "and N others". */
const NAMED = 3;

/** The first frame from the server. A guest who was given the name gets a token that keeps it. */
export function connectedFrame(room: number, person: Person, head: Head, guestToken: string | undefined): string {
  return frame({
    type: "connected",
    username: person.name,
    room_id: room,
    user_id: person.id,
    seq: head.seq,
    epoch: head.epoch,
    guest_token: guestToken,
    server_time: isoTime(Date.now()),
  });
}

/** Protocol 1, with a frame for each entry. */
export const roomCodec: Codec = {
  protocol: "room",
  decode: (text) => parseFrame(roomClientFrame, text),
  entry: ({ id }, entry) => frame(entryFrame(id, entry)),
  joined: (_room, people) => [system(`${list(people)} joined the room`)],
  left: (_room, people) => [system(`${list(people)} left the room`)],
  people: (_room, people) => {
    const users = people.map(({ name }) => name);
    return frame({ type: "users_list", users, count: users.length });
  },
  typing: (_room, users) => frame({ type: "typing", users }),
  read: (room, { id, name }, seq) => frame({ type: "read", room_id: room.id, user_id: id, username: name, seq }),
  reset: (_room, { seq, epoch }) => frame({ type: "reset", seq, epoch }),
  roomEvent: (event) => event === "deleted" ? frame({ type: "room_deleted", message: "Room deleted" }) : undefined,
  error: ({ code, message, retryAfter }: ChatError, nonce) =>
    frame({ type: "error", content: message, code, nonce, retry_after: retryAfter }),
  pong: (nonce) => frame({ type: "pong", nonce }),
};

/** Protocol 1 for a client that said `"batch": true`: one frame for entries that are sent together. */
export const roomBatchCodec: Codec = {
  ...roomCodec,
  batch: (_room, _from, count) => count === 1 ? ["", ""] : [`{"type":"batch","items":[`, "]}"],
};

function frame(frame: RoomServerFrame): string {
  return JSON.stringify(frame);
}

function entryFrame(room: number, entry: Entry): RoomServerFrame {
  const { seq } = entry;
  const by = { user_id: entry.by.id, username: entry.by.name };
  switch (entry.type) {
    case "post":
      return { type: "message", ...messageJson(room, entry) };
    case "edit":
      return { type: "edited", ...messageJson(room, entry.message), seq };
    case "delete":
      return { type: "deleted", id: messageId(room, entry.post), room_id: room, seq, ...by };
    case "react": {
      const { emoji, on, count } = entry;
      return { type: "reacted", id: messageId(room, entry.post), room_id: room, seq, ...by, emoji, on, count };
    }
    case "pin":
      return { type: "pinned", id: messageId(room, entry.post), room_id: room, seq, ...by, on: entry.on };
    case "member": {
      const content = memberNews(entry);
      return { type: "system", content, room_id: room, seq };
    }
    case "room": {
      const content = entry.archived ? `The room "${entry.name}" is archived` : `The room "${entry.name}" was changed`;
      return { type: "system", content, room_id: room, seq };
    }
  }
}

function memberNews({ by, member, role }: MemberChange): string {
  if (role === null) return by.id === member.id ? `${by.name} left for good` : `${by.name} removed ${member.name}`;
  if (role === "banned") return `${by.name} banned ${member.name}`;
  if (by.id === member.id) return `${by.name} became a ${role}`;
  return `${by.name} made ${member.name} ${role === "owner" ? "an owner" : `a ${role}`}`;
}

function system(content: string): string {
  return frame({ type: "system", content });
}

function list(people: readonly Person[]): string {
  const names = people.map(({ name }) => name);
  const rest = names.length - NAMED;
  const shown = rest > 1 ? [...names.slice(0, NAMED), `${rest} others`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
