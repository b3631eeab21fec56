/**
 * Protocol 2: one public room over `/ws/{username}`, and the figures of `/stats` (protocols.md, 2).
 * @module
 */
import { z } from "zod";
import type { Person } from "@/lib/model/person.ts";
import { type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import type { RoomFigures, Totals } from "@/lib/chat/statistics.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { isoTime } from "@/lib/protocols/room/codec.ts";
import { parseLobbyFrame } from "@/lib/protocols/lobby/frames.ts";

/** Who an `error` frame is from: every frame of this protocol names somebody. */
const SERVER = "system";

/** What `GET /stats` answers. */
export const statsAnswer = z.object({
  rooms: z.int(),
  messages: z.int(),
  accounts: z.int(),
  online_users: z.int(),
  connections: z.int(),
  messages_last_hour: z.int(),
  busiest_rooms: z.array(z.object({ id: z.int(), name: z.string(), messages: z.int(), online_users: z.int() })),
});

/** What `GET /room/{room_id}/stats` answers. */
export const roomStatsAnswer = z.object({
  id: z.int(),
  name: z.string(),
  messages: z.int(),
  online_users: z.int(),
  users: z.array(z.string()),
  connections: z.int(),
  messages_last_hour: z.int(),
  created_at: z.iso.datetime(),
  last_message_at: z.iso.datetime().nullable(),
});

/** The JSON of a server's figures. */
export function statsJson(
  { rooms, messages, accounts, lastHour, busiest }: Totals,
  live: { readonly people: number; readonly connections: number; online(room: number): number },
): z.infer<typeof statsAnswer> {
  return {
    rooms,
    messages,
    accounts,
    online_users: live.people,
    connections: live.connections,
    messages_last_hour: lastHour,
    busiest_rooms: busiest.map(({ room: { id, name }, head: { posts } }) => ({
      id,
      name,
      messages: posts,
      online_users: live.online(id),
    })),
  };
}

/** The JSON of a room's figures, as `actor` sees the room. */
export function roomStatsJson(
  room: Room,
  { head, lastHour }: RoomFigures,
  live: { readonly users: readonly string[]; readonly connections: number },
  actor: Person | null,
): z.infer<typeof roomStatsAnswer> {
  const { users, connections } = live;
  return {
    id: room.id,
    name: roomTitle(room, actor),
    messages: head.posts,
    online_users: users.length,
    users: [...users],
    connections,
    messages_last_hour: lastHour,
    created_at: isoTime(room.createdAt),
    last_message_at: lastMessageAt(head),
  };
}

function lastMessageAt({ at }: Head): string | null {
  return at === 0 ? null : isoTime(at);
}

/** Protocol 2. */
export const lobbyCodec: Codec = {
  protocol: "lobby",
  decode: parseLobbyFrame,
  entry: (_room, entry) =>
    entry.type === "post" ? frame("chat_message", entry.by.name, entry.content, entry.at) : undefined,
  joined: (_room, people) => people.map(({ name }) => frame("user_joined", name, `${name} joined the chat`)),
  echoesJoin: true,
  left: (_room, people) => people.map(({ name }) => frame("user_left", name, `${name} left the chat`)),
  roomEvent: (event) => event === "deleted" ? frame("error", SERVER, "Room deleted") : undefined,
  error: ({ message }) => frame("error", SERVER, message),
};

/** A frame; `at` is in milliseconds, the frame's time in seconds with three decimals even where they are zeros. */
function frame(type: string, name: string, message: string, at = Date.now()): string {
  const said = JSON.stringify({ type, user_name: name, message });
  return `${said.slice(0, -1)},"timestamp":${(at / 1000).toFixed(3)}}`;
}
