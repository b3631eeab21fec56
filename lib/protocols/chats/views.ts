/**
 * What `/api/auth` and `/api/chats` answer: schemas, and the functions that make JSON of the model.
 * @module
 */
import { z } from "zod";
import type { Account } from "@/lib/model/account.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import { account } from "@/lib/model/schema/account.ts";
import { post } from "@/lib/model/schema/entry.ts";
import { person } from "@/lib/model/schema/person.ts";
import { room } from "@/lib/model/schema/room.ts";
import { profileJson, profileView } from "@/lib/protocols/room/views.ts";
import { isoTime, time } from "@/lib/protocols/time.ts";

/** A person in a chat. */
const participant = z.object({ id: person.shape.id, username: person.shape.name });

/** A chat. One between two people has a name only where it was given one. */
export const chatView = z.object({
  id: room.shape.id,
  name: room.shape.name.nullable(),
  is_group: z.boolean(),
  participants: z.array(participant),
  created_at: time,
});

/** A message in a chat; `sender_id` is `user_id`, under the other name that clients know. */
export const chatMessageView = z.object({
  id: z.int(),
  chat_id: room.shape.id,
  user_id: person.shape.id,
  sender_id: person.shape.id,
  username: person.shape.name,
  content: post.shape.content,
  timestamp: time,
});

/** Who is in a chat now. */
export const activeUsersView = z.object({ active_users: z.array(participant), count: z.int() });

/** An access token. */
export const bearerView = z.object({ access_token: z.string(), token_type: z.literal("bearer") });

/** An access token, and the seconds until it expires. */
export const grantView = bearerView.extend({ expires_in: z.int() });

/** A new account, which is signed in. */
export const registeredView = account.pick({ id: true, email: true }).extend({
  username: person.shape.name,
  created_at: time,
  ...bearerView.shape,
});

/** A sign-in. */
export const signedInView = grantView.extend({ user: participant });

/** An account in the list of accounts. */
export const listedView = profileView.extend({ online: z.boolean() });

/** An access token, and the seconds until it expires. */
export interface Grant {
  readonly token: string;
  readonly expiresIn: number;
}

/** JSON of a chat. */
export function chatJson({ id, name, kind, createdAt }: Room, people: readonly Person[]): z.infer<typeof chatView> {
  return {
    id,
    name: name === "" ? null : name,
    is_group: kind !== "direct",
    participants: people.map(participantJson),
    created_at: isoTime(createdAt),
  };
}

/** JSON of a message in a chat. */
export function chatMessageJson(room: number, { seq, at, by, content }: Post): z.infer<typeof chatMessageView> {
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

/** JSON of the people who are in a chat now. */
export function activeUsersJson(here: readonly Person[]): z.infer<typeof activeUsersView> {
  return { active_users: here.map(participantJson), count: here.length };
}

/** JSON of an access token. */
export function bearerJson({ token }: Grant): z.infer<typeof bearerView> {
  return { access_token: token, token_type: "bearer" };
}

/** JSON of an access token and its lifetime. */
export function grantJson(grant: Grant): z.infer<typeof grantView> {
  return { ...bearerJson(grant), expires_in: grant.expiresIn };
}

/** JSON of a new account. */
export function registeredJson(account: Account, grant: Grant): z.infer<typeof registeredView> {
  const { id, name, email, createdAt } = account;
  return { id, username: name, email, created_at: isoTime(createdAt), ...bearerJson(grant) };
}

/** JSON of a sign-in. */
export function signedInJson(account: Account, grant: Grant): z.infer<typeof signedInView> {
  return { ...grantJson(grant), user: participantJson(account) };
}

/** JSON of an account in the list of accounts. */
export function listedJson(account: Account, online: boolean): z.infer<typeof listedView> {
  return { ...profileJson(account), online };
}

function participantJson({ id, name }: Pick<Person, "id" | "name">): z.infer<typeof participant> {
  return { id, username: name };
}
