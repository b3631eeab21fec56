/**
 * What `/users/` and `/chat/messages` answer: schemas, and the functions that make JSON of the model.
 * @module
 */
import { z } from "zod";
import type { Account } from "@/lib/model/account.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import { account } from "@/lib/model/schema/account.ts";
import { post } from "@/lib/model/schema/entry.ts";
import { personFields } from "@/lib/protocols/room/views.ts";
import { isoTime, time } from "@/lib/protocols/time.ts";

const ID_DIGITS = 24;

/** A new account. */
export const bearerAccountView = account.pick({ id: true, email: true, disabled: true }).extend({
  _id: account.shape.id,
  username: account.shape.name,
  created_at: time,
});

/** A message, in REST and in frames. */
export const bearerMessageView = z.object({
  _id: z.string().length(ID_DIGITS).meta({ description: "the message's id in 24 hex digits" }),
  ...personFields,
  content: post.shape.content,
  room: z.string().meta({ description: "the room's name" }),
  created_at: time,
});

/** JSON of a new account. */
export function bearerAccountJson(account: Account): z.infer<typeof bearerAccountView> {
  const { id, name, email, disabled, createdAt } = account;
  return { _id: id, id, username: name, email, disabled, created_at: isoTime(createdAt) };
}

/** JSON of a message. */
export function bearerMessageJson(room: Room, { seq, by, content, at }: Post): z.infer<typeof bearerMessageView> {
  return {
    _id: objectId(messageId(room.id, seq)),
    user_id: by.id,
    username: by.name,
    content,
    room: nameOf(room),
    created_at: isoTime(at),
  };
}

/** A message id as this protocol writes it: 24 hex digits. */
export function objectId(id: number): string {
  return id.toString(16).padStart(ID_DIGITS, "0");
}

/** The name by which clients find the room again: a direct one may have none, and then it's the id. */
export function nameOf({ id, name }: Room): string {
  return name || String(id);
}
