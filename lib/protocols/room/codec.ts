/**
 * Protocol 1: a room over one socket, `/ws/chat/{room_id}`, and the JSON of `/api/chat` (protocols.md, 1).
 * @module
 */
import { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import { reaction } from "@/lib/model/schema/entry.ts";
import { roomKind } from "@/lib/model/schema/room.ts";
import type { ChatError } from "@/lib/errors.ts";
import { type Entry, type MemberChange } from "@/lib/model/entry.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import { type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";
import { roomFrame } from "@/lib/protocols/room/frames.ts";

/** How many people a frame names before it says "and N others". */
const NAMED = 3;

const reactionView = reaction.omit({ by: true });

/** A message as REST and frames give it. */
export const messageView = z.object({
  id: z.int().meta({ description: "Unique in the whole server." }),
  room_id: z.int(),
  seq: z.int().meta({ description: "Its place in the room." }),
  user_id: z.string(),
  username: z.string(),
  content: z.string(),
  timestamp: z.iso.datetime().meta({ description: "UTC, with milliseconds." }),
  edited_at: z.iso.datetime().nullable(),
  reply_to: z.int().nullable().meta({ description: "The id of the message that it answers." }),
  pinned: z.boolean(),
  reactions: z.array(reactionView),
  attachments: z.array(z.never()),
});

/** A room as REST gives it. */
export const roomView = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  kind: roomKind,
  archived: z.boolean(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable().meta({ description: "The name of the one who made it." }),
  online: z.int().meta({ description: "How many people are there now." }),
  messages: z.int().meta({ description: "How many messages were ever posted." }),
  last_message_at: z.iso.datetime().nullable(),
});

/** The JSON of a message. */
export type MessageJson = Immutable<z.infer<typeof messageView>>;
/** The JSON of a room. */
export type RoomJson = Readonly<z.infer<typeof roomView>>;

/** The last time that was asked for: entries of one commit have one date. */
let lastTime = { at: NaN, text: "" };

/** A time as the API gives it. */
export function isoTime(at: number): string {
  if (lastTime.at !== at) lastTime = { at, text: new Date(at).toISOString() };
  return lastTime.text;
}

/** The JSON of a message. */
export function messageJson(room: number, post: Post): MessageJson {
  return {
    id: messageId(room, post.seq),
    room_id: room,
    seq: post.seq,
    user_id: post.by.id,
    username: post.by.name,
    content: post.content,
    timestamp: isoTime(post.at),
    edited_at: post.editedAt === null ? null : isoTime(post.editedAt),
    reply_to: post.replyTo === null ? null : messageId(room, post.replyTo),
    pinned: post.pinned,
    reactions: post.reactions.map(({ by: _ids, ...reaction }) => reaction),
    attachments: [],
  };
}

/** The JSON of a room, as `actor` sees it. */
export function roomJson(room: Room, head: Head, online: number, actor: Person | undefined): RoomJson {
  return {
    id: room.id,
    name: roomTitle(room, actor ?? null),
    description: room.description,
    kind: room.kind,
    archived: room.archived,
    created_at: isoTime(room.createdAt),
    created_by: room.createdBy?.name ?? null,
    online,
    messages: head.posts,
    last_message_at: head.at === 0 ? null : isoTime(head.at),
  };
}

/** The first frame that the server sends. `guest_token` is there for a guest who may keep the name. */
export function connectedFrame(
  room: number,
  person: Person | null,
  head: Head,
  guestToken: string | undefined,
): string {
  return JSON.stringify({
    type: "connected",
    username: person?.name,
    room_id: room,
    user_id: person?.id,
    seq: head.seq,
    epoch: head.epoch,
    guest_token: guestToken,
    server_time: isoTime(Date.now()),
  });
}

/** Protocol 1, a frame an entry. */
export const roomCodec: Codec = {
  protocol: "room",
  decode: (text) => parseFrame(roomFrame, text),
  entry: ({ id }, entry) => JSON.stringify(entryFrame(id, entry)),
  joined: (_room, people) => [system(`${list(people)} joined the room`)],
  left: (_room, people) => [system(`${list(people)} left the room`)],
  people: (_room, people) => {
    const users = people.map(({ name }) => name);
    return JSON.stringify({ type: "users_list", users, count: users.length });
  },
  typing: (_room, users) => JSON.stringify({ type: "typing", users }),
  read: (room, { id, name }, seq) =>
    JSON.stringify({ type: "read", room_id: room.id, user_id: id, username: name, seq }),
  reset: (_room, { seq, epoch }) => JSON.stringify({ type: "reset", seq, epoch }),
  roomEvent: (event) =>
    event === "deleted" ? JSON.stringify({ type: "room_deleted", message: "Room deleted" }) : undefined,
  error: ({ code, message, retryAfter }: ChatError, nonce) =>
    JSON.stringify({ type: "error", content: message, code, nonce, retry_after: retryAfter }),
  pong: (nonce) => JSON.stringify({ type: "pong", nonce }),
};

/** Protocol 1 for a client that said `"batch": true`: one frame for what comes together. */
export const roomBatchCodec: Codec = {
  ...roomCodec,
  batch: (_room, _from, count) => count === 1 ? ["", ""] : [`{"type":"batch","items":[`, "]}"],
};

function entryFrame(room: number, entry: Entry) {
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
  return JSON.stringify({ type: "system", content });
}

function list(people: readonly Person[]): string {
  const names = people.map(({ name }) => name);
  const rest = names.length - NAMED;
  const shown = rest > 1 ? [...names.slice(0, NAMED), `${rest} others`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
