/**
 * The frames of protocol 1, and the bodies and queries of `/api/chat`. Schemas of what clients send turn the wire's names
 * into the model's.
 * @module
 */
import { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import { password } from "@/lib/chat/passwords.ts";
import { scope } from "@/lib/model/schema/account.ts";
import { accountId, messageIdentifier, nonce } from "@/lib/model/schema/ids.ts";
import { role } from "@/lib/model/schema/membership.ts";
import { about, content, description, email, emoji, roomName, tokenLabel, username } from "@/lib/model/schema/text.ts";
import { seq } from "@/lib/model/schema/entry.ts";
import { head, roomKind } from "@/lib/model/schema/room.ts";
import {
  digits,
  MEMBERS_MAX,
  optional,
  position,
  replyTo,
  roomsPage,
  tagged,
  typedPassword,
} from "@/lib/protocols/fields.ts";
import { messageView, personFields } from "@/lib/protocols/room/views.ts";
import { time } from "@/lib/protocols/time.ts";

const token = z.string().max(4096), epoch = z.string().max(64);

/** `POST /api/chat/rooms`. */
export const newRoom = z.object({
  name: roomName,
  description: description.nullable().default("").transform((text) => text ?? ""),
  kind: roomKind.exclude(["direct"]).nullable().default("public").transform((kind) => kind ?? "public"),
  members: z.array(accountId).max(MEMBERS_MAX).nullable().default([]).transform((ids) => ids ?? []),
});

/** `PATCH /api/chat/rooms/{room}`. */
export const roomPatch = z.object({
  name: roomName.optional(),
  description: description.optional(),
  archived: z.boolean().optional(),
});

/** `POST /api/chat/rooms/{room}/messages`. */
export const newMessage = z.object({
  content,
  username: optional(username),
  nonce: optional(nonce),
  reply_to: replyTo,
}).transform(({ reply_to, ...message }) => ({ ...message, replyTo: reply_to }));

/** `PATCH /api/chat/messages/{id}`. */
export const messagePatch = z.object({ content });

/** Query of the list of rooms. */
export const roomsQuery = roomsPage.extend({ q: z.string().max(100).default("") });

/** Seconds that a token or a link lasts; in milliseconds, once parsed. */
const expiresIn = z.int().positive().max(10 * 365 * 24 * 3600).nullish()
  .transform((seconds) => seconds ? seconds * 1000 : undefined);

/** `PATCH /api/chat/me`. */
export const profilePatch = z.object({ about: about.optional(), email: email.nullish() });

/** `POST /api/chat/me/password`. The new password is checked by its own rule, which takes time. */
export const passwordChange = z.object({ old_password: typedPassword, password })
  .transform(({ old_password, password }) => ({ oldPassword: old_password, password }));

/** `DELETE /api/chat/me`. */
export const accountDeletion = z.object({ password: typedPassword, delete_messages: z.boolean().default(false) })
  .transform(({ password, delete_messages }) => ({ password, messages: delete_messages }));

/** `POST /api/chat/me/tokens`. */
export const newToken = z.object({
  label: tokenLabel,
  scopes: z.array(scope).min(1).nullable().default(null),
  expires_in: expiresIn,
}).transform(({ expires_in, ...token }) => ({ ...token, lifetime: expires_in }));

/** `PUT /api/chat/rooms/{room}/members/{account}`. */
export const roleChange = z.object({ role: role.default("member") });

/** `POST /api/chat/rooms/{room}/invites`. */
export const newInvite = z.object({ expires_in: expiresIn, uses: optional(z.int().positive().max(100_000)) })
  .transform(({ expires_in, uses }) => ({ lifetime: expires_in, uses }));

/** `PUT /api/chat/rooms/{room}/read`. */
export const readMark = z.object({ seq: position });

/** `PATCH /api/chat/people/{account}`, by an admin. */
export const personPatch = z.object({ disabled: z.boolean().optional(), admin: z.boolean().optional() });

/** The first frame: who the client is, and where it was. */
export const roomHello = z.object({
  username: optional(username),
  token: optional(token),
  guest_token: optional(token),
  after: position.optional(),
  epoch: optional(epoch),
  batch: optional(z.boolean()),
}).transform(({ guest_token, ...hello }) => ({ ...hello, guestToken: guest_token }));

/** What the query of the address may say in the first frame's place. */
export const roomAddress = z.object({
  username: username.optional(),
  token: token.optional(),
  guest_token: token.optional(),
  after: digits.pipe(position).optional(),
  epoch: epoch.optional(),
  batch: z.enum(["true", "1", "false", "0"]).transform((text) => text === "true" || text === "1").optional(),
}).transform(({ guest_token, ...hello }) => ({ ...hello, guestToken: guest_token }));

/** Who a client is, and where it was. */
export type RoomHello = z.infer<typeof roomHello>;

/** What a client sends after its first frame. */
export const roomClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message"), ...tagged, content, reply_to: replyTo })
    .transform(({ nonce, content, reply_to }) => ({ type: "post" as const, nonce, content, replyTo: reply_to })),
  z.object({ type: z.literal("typing"), ...tagged, is_typing: z.boolean() })
    .transform(({ nonce, is_typing }) => ({ type: "typing" as const, nonce, on: is_typing })),
  z.object({ type: z.literal("edit"), ...tagged, id: messageIdentifier, content }),
  z.object({ type: z.literal("delete"), ...tagged, id: messageIdentifier }),
  z.object({ type: z.literal("react"), ...tagged, id: messageIdentifier, emoji, on: z.boolean().default(true) }),
  z.object({ type: z.literal("pin"), ...tagged, id: messageIdentifier, on: z.boolean().default(true) }),
  z.object({ type: z.literal("read"), ...tagged, seq: position }),
  z.object({ type: z.literal("ping"), ...tagged }),
]);

/** A change to a message, and who made it. */
const change = {
  id: z.int().meta({ description: "the message's id" }),
  room_id: z.int(),
  seq: seq.meta({ description: "the change's place in the room" }),
  ...personFields,
};
const yours = { nonce: nonce.optional().meta({ description: "yours, in the frame that your request caused" }) };

/** What the server sends. */
export const roomServerFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("connected"),
    ...personFields,
    room_id: z.int(),
    seq: head.shape.seq,
    epoch: head.shape.epoch,
    guest_token: z.string().optional(),
    server_time: time,
  }),
  messageView.extend({ type: z.literal("message"), ...yours }),
  z.object({
    type: z.literal("system"),
    content: z.string(),
    room_id: z.int().optional(),
    seq: seq.optional(),
    ...yours,
  }),
  z.object({ type: z.literal("users_list"), users: z.array(z.string()), count: z.int() }),
  z.object({ type: z.literal("typing"), users: z.array(z.string()) }),
  messageView.extend({ type: z.literal("edited"), ...yours }),
  z.object({ type: z.literal("deleted"), ...change, ...yours }),
  z.object({ type: z.literal("reacted"), ...change, emoji: z.string(), on: z.boolean(), count: z.int(), ...yours }),
  z.object({ type: z.literal("pinned"), ...change, on: z.boolean(), ...yours }),
  z.object({ type: z.literal("read"), room_id: z.int(), ...personFields, seq: position }),
  z.object({ type: z.literal("reset"), seq: position, epoch: z.string() }),
  z.object({ type: z.literal("batch"), items: z.array(z.object({ type: z.string() }).loose()) }),
  z.object({ type: z.literal("room_deleted"), message: z.literal("Room deleted") }),
  z.object({
    type: z.literal("error"),
    content: z.string(),
    code: z.string(),
    nonce: nonce.optional(),
    retry_after: z.number().optional().meta({ description: "seconds" }),
  }),
  z.object({ type: z.literal("pong"), nonce: nonce.optional() }),
]);

/** A frame from the server. */
export type RoomServerFrame = Immutable<z.infer<typeof roomServerFrame>>;
