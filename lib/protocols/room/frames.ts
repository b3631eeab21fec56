/**
 * What clients of protocol 1 send: frames, and the bodies and queries of `/api/chat`.
 * @module
 */
import { z } from "zod";
import { password } from "@/lib/chat/passwords.ts";
import { scope } from "@/lib/model/schema/account.ts";
import { accountId, messageIdentifier, nonce } from "@/lib/model/schema/ids.ts";
import { role } from "@/lib/model/schema/membership.ts";
import { about, content, description, email, emoji, roomName, username } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { digits, MEMBERS_MAX, optional, position, replyTo, roomsPage, tagged } from "@/lib/protocols/fields.ts";
import { parseJson } from "@/lib/protocols/json.ts";

/** `POST /api/chat/rooms`. */
export const newRoom = z.object({
  name: roomName,
  description: description.nullable().default("").transform((text) => text ?? ""),
  kind: z.enum(["public", "private"]).nullable().default("public").transform((kind) => kind ?? "public"),
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
  reply_to: messageIdentifier.nullish(),
});

/** `PATCH /api/chat/messages/{id}`. */
export const messagePatch = z.object({ content });

/** Query of the list of rooms. */
export const roomsQuery = roomsPage.extend({ q: z.string().max(100).default("") });

const seconds = z.int().positive().max(10 * 365 * 24 * 3600);

/** `PATCH /api/chat/me`. */
export const profilePatch = z.object({ about: about.optional(), email: email.nullish() });

/** `POST /api/chat/me/password`. The new password is checked by its own rule, which takes time. */
export const passwordChange = z.object({ old_password: z.string().max(1024), password });

/** `DELETE /api/chat/me`. */
export const accountDeletion = z.object({
  password: z.string().max(1024),
  delete_messages: z.boolean().default(false),
});

/** `POST /api/chat/me/tokens`. */
export const newToken = z.object({
  label: z.string().trim().min(1, "Say what the token is for.").max(100),
  scopes: z.array(scope).min(1).nullable().default(null),
  expires_in: seconds.nullish(),
});

/** `PUT /api/chat/rooms/{room}/members/{account}`. */
export const roleChange = z.object({ role: role.default("member") });

/** `POST /api/chat/rooms/{room}/invites`. */
export const newInvite = z.object({ expires_in: seconds.nullish(), uses: z.int().positive().max(100_000).nullish() });

/** `PUT /api/chat/rooms/{room}/read`. */
export const readMark = z.object({ seq: position });

/** `PATCH /api/chat/people/{account}`, by an admin. */
export const personPatch = z.object({ disabled: z.boolean().optional(), admin: z.boolean().optional() });

/** First frame of protocol 1. */
export const roomHello = z.object({
  username: optional(username),
  token: optional(z.string().max(4096)),
  guest_token: optional(z.string().max(4096)),
  after: position.optional(),
  epoch: optional(z.string().max(64)),
  batch: optional(z.boolean()),
});

/** What a first frame of protocol 1 says. */
export type RoomHello = z.infer<typeof roomHello>;

const nameOnly = z.object({ type: z.never().optional(), after: z.never().optional(), username: z.string() });

/** Whether a frame of protocol 1 gives a name and no place: nothing new where the address has said who it is. */
export function saysNameOnly(text: string): boolean {
  try {
    return nameOnly.safeParse(parseJson(text)).success;
  } catch {
    return false;
  }
}

/** What the address of protocol 1 may say in the first frame's place. */
export const roomAddress = z.object({
  username: username.optional(),
  token: z.string().max(4096).optional(),
  guest_token: z.string().max(4096).optional(),
  after: digits.pipe(position).optional(),
  epoch: z.string().max(64).optional(),
  batch: z.enum(["true", "1", "false", "0"]).transform((text) => text === "true" || text === "1").optional(),
});

/** What a client of protocol 1 sends after its first frame. */
export const roomFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
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
