/**
 * Protocol 4: rooms for those with an access token, `/chat/ws/{room}` and the JSON of `/users/` and `/chat/messages`
 * (protocols.md, 4).
 * @module
 */
import { z } from "zod";
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Codec } from "@/lib/protocols/codec.ts";
import { isoTime } from "@/lib/protocols/room/codec.ts";
import { bearerFrame } from "@/lib/protocols/bearer/frames.ts";
import { parseFrame } from "@/lib/protocols/parse.ts";
import type { Account } from "@/lib/model/account.ts";

const ID_DIGITS = 24;
const objectId = z.string().length(ID_DIGITS);

/** What `POST /users/` answers. */
export const bearerAccount = z.object({
  _id: objectId,
  id: objectId,
  username: z.string(),
  email: z.string().nullable(),
  disabled: z.boolean(),
  created_at: z.iso.datetime(),
});

/** A message in `GET /chat/messages/{room}`. */
export const bearerMessage = z.object({
  _id: objectId,
  user_id: objectId,
  username: z.string(),
  content: z.string(),
  room: z.string(),
  created_at: z.iso.datetime(),
});

/** The JSON of somebody who has just registered. */
export function bearerAccountJson(account: Account): z.infer<typeof bearerAccount> {
  const { id, name, email, disabled, createdAt } = account;
  return { _id: id, id, username: name, email, disabled, created_at: isoTime(createdAt) };
}

/** The JSON of a message. */
export function bearerMessageJson(room: Room, { seq, by, content, at }: Post): z.infer<typeof bearerMessage> {
  const _id = messageId(room.id, seq).toString(16).padStart(ID_DIGITS, "0");
  return { _id, user_id: by.id, username: by.name, content, room: nameOf(room), created_at: isoTime(at) };
}

/** Protocol 4. */
export const bearerCodec: Codec = {
  protocol: "bearer",
  decode: (text) => parseFrame(bearerFrame, text),
  entry: (room, entry) =>
    entry.type === "post" ? JSON.stringify({ type: "message", ...bearerMessageJson(room, entry) }) : undefined,
  joined: (room, people) => people.map((person) => news("user_joined", room, person, "joined the chat")),
  echoesJoin: true,
  left: (room, people) => people.map((person) => news("user_left", room, person, "left the chat")),
  roomEvent: (event) => event === "deleted" ? errorFrame("Room deleted") : undefined,
  error: ({ message }) => errorFrame(message),
};

function news(type: "user_joined" | "user_left", room: Room, { id, name }: Person, what: string): string {
  return JSON.stringify({
    type,
    user_id: id,
    username: name,
    content: `${name} ${what}`,
    room: nameOf(room),
    created_at: isoTime(Date.now()),
  });
}

function errorFrame(content: string): string {
  return JSON.stringify({ type: "error", content });
}

/** What leads to the room again: a direct one may have no name, and then it is its id. */
function nameOf({ id, name }: Room): string {
  return name || String(id);
}
