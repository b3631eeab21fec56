/**
 * Protocol 3: chats between accounts, `/api/chats/ws/{chat_id}/{user_id}`, and the JSON of `/api/chats` (protocols.md, 3).
 * @module
 */
import { z } from "zod";
import type { Room } from "@/lib/model/room.ts";
import type { Person, Present } from "@/lib/model/person.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { isoTime } from "@/lib/protocols/room/codec.ts";
import { chatFrame } from "@/lib/protocols/chats/frames.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";

/** Somebody in a chat. */
export const participant = z.object({ id: z.string(), username: z.string() });

/** A chat. One between two people has a name only where it was given one. */
export const chat = z.object({
  id: z.int(),
  name: z.string().nullable(),
  is_group: z.boolean(),
  participants: z.array(participant),
  created_at: z.iso.datetime(),
});

/** A message in a chat; `sender_id` is `user_id`, under the other name that clients know. */
export const chatMessage = z.object({
  id: z.int(),
  chat_id: z.int(),
  user_id: z.string(),
  sender_id: z.string(),
  username: z.string(),
  content: z.string(),
  timestamp: z.iso.datetime(),
});

/** Who is in a chat now. */
export const activeUsers = z.object({ active_users: z.array(participant), count: z.int() });

/** The JSON of a chat. */
export function chatJson(room: Room, people: readonly Person[]): z.infer<typeof chat> {
  return {
    id: room.id,
    name: room.name === "" ? null : room.name,
    is_group: room.kind !== "direct",
    participants: people.map(participantJson),
    created_at: isoTime(room.createdAt),
  };
}

/** The JSON of a message in a chat. */
export function chatMessageJson(room: number, { seq, at, by, content }: Post): z.infer<typeof chatMessage> {
  return {
    id: messageId(room, seq),
    chat_id: room,
    user_id: by.id,
    sender_id: by.id,
    username: by.name,
    content,
    timestamp: isoTime(at),
  };
}

/** The JSON of those who are in a chat now. */
export function activeUsersJson(here: readonly Person[]): z.infer<typeof activeUsers> {
  return { active_users: here.map(participantJson), count: here.length };
}

/** Protocol 3. Its clients know messages, who is here and who types; of all else it says nothing. */
export const chatsCodec: Codec = {
  protocol: "chats",
  decode: (text) => parseFrame(chatFrame, text),
  entry: ({ id }, entry) =>
    entry.type === "post" ? JSON.stringify({ type: "message", ...chatMessageJson(id, entry) }) : undefined,
  joined: (_room, people, here) => people.map((person) => presence("user_joined", person, here)),
  echoesJoin: true,
  left: (_room, people, here) => people.map((person) => presence("user_left", person, here)),
  typed: (_room, { id, name }, on) => JSON.stringify({ type: "typing", user_id: id, username: name, is_typing: on }),
  roomEvent: (event) => event === "deleted" ? refusal("This chat was deleted.") : undefined,
  error: ({ message }) => refusal(message),
};

function presence(type: "user_joined" | "user_left", { id, name }: Person, here: readonly Present[]): string {
  return JSON.stringify({
    type,
    user_id: id,
    username: name,
    active_users: here.map(({ id }) => id),
    timestamp: isoTime(Date.now()),
  });
}

function refusal(content: string): string {
  return JSON.stringify({ type: "error", content });
}

function participantJson({ id, name }: Person): z.infer<typeof participant> {
  return { id, username: name };
}
