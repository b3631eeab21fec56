/**
 * Everything that comes from outside, as zod schemas in one place: bodies and queries of the REST API, frames of the
 * sockets. Parsed here once; behind this line the types hold.
 * @module
 */
import { z } from "zod";
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import { splitMessageId } from "@/lib/chat/entries.ts";
import { content, description, emoji, roomName, username } from "@/lib/chat/text.ts";
import type { Command } from "@/lib/protocol/codec.ts";
import { parseJson } from "@/lib/protocol/json.ts";

/** A client's own name for a request, by which a repeat is known. */
export const nonce = z.string().min(1).max(128);

/** The id of a message. */
export const messageIdentifier = z.int().refine(
  (id) => splitMessageId(id) !== undefined,
  "No message can have this id.",
);

const position = z.int().min(0);

/** The id of an account. */
export const accountId = z.string().regex(/^[0-9a-f]{24}$/, "An account's id is 24 lower-case hex characters.");

/** Accounts that one request may name. */
const MEMBERS_MAX = 100;

/** `POST /api/chat/rooms`. */
export const newRoom = z.object({
  name: roomName,
  description: description.default(""),
  kind: z.enum(["public", "private"]).default("public"),
  members: z.array(accountId).max(MEMBERS_MAX).default([]),
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
  username: username.optional(),
  nonce: nonce.optional(),
  reply_to: messageIdentifier.nullish(),
});

/** `PATCH /api/chat/messages/{id}`. */
export const messagePatch = z.object({ content });

/** One emoji in a path. */
export const emojiSegment = emoji;

const digits = z.string().regex(/^\d+$/, "Give a whole number.").transform(Number);

/** Query of a room's messages. */
export const messagesQuery = z.object({
  limit: digits.pipe(z.int().min(1).max(500)).default(50),
  before: digits.pipe(messageIdentifier).optional(),
  after: digits.pipe(messageIdentifier).optional(),
  around: digits.pipe(messageIdentifier).optional(),
}).refine(
  ({ before, after, around }) => [before, after, around].filter((id) => id !== undefined).length <= 1,
  "Give one of before, after and around.",
);

/** Query of the list of rooms. */
export const roomsQuery = z.object({
  q: z.string().max(100).default(""),
  limit: digits.pipe(z.int().min(1).max(1000)).default(1000),
  cursor: digits.pipe(z.int().min(0)).default(0),
});

/** A message's id in a path. */
export const messageSegment = digits.pipe(messageIdentifier);

/** First frame of protocol 1. */
export const roomHello = z.object({
  username: username.optional(),
  token: z.string().max(4096).optional(),
  guest_token: z.string().max(4096).optional(),
  after: position.optional(),
  epoch: z.string().max(64).optional(),
  batch: z.boolean().optional(),
});

/** What a first frame of protocol 1 says. */
export type RoomHello = z.infer<typeof roomHello>;

/** What the address of protocol 1 may say in the first frame's place. */
export const roomAddress = z.object({
  username: username.optional(),
  token: z.string().max(4096).optional(),
  guest_token: z.string().max(4096).optional(),
  after: z.string().regex(/^\d+$/, "after is a whole number.").transform(Number).pipe(position).optional(),
  epoch: z.string().max(64).optional(),
  batch: z.enum(["true", "1", "false", "0"]).transform((text) => text === "true" || text === "1").optional(),
});

const tagged = { nonce: nonce.optional() };
const replyTo = messageIdentifier.nullish().transform((id) => id ?? undefined);

const roomFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
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

const room = z.int().positive();

const statusText = z.string().max(100).default("").transform((text) => text.toWellFormed().trim());

const appFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    ...tagged,
    room,
    after: position.optional(),
    epoch: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal("unsubscribe"), ...tagged, room }),
  z.object({ type: z.literal("post"), ...tagged, room, content, reply_to: replyTo })
    .transform(({ reply_to, ...post }) => ({ ...post, replyTo: reply_to })),
  z.object({ type: z.literal("edit"), ...tagged, room, id: messageIdentifier, content }),
  z.object({ type: z.literal("delete"), ...tagged, room, id: messageIdentifier }),
  z.object({ type: z.literal("react"), ...tagged, room, id: messageIdentifier, emoji, on: z.boolean() }),
  z.object({ type: z.literal("pin"), ...tagged, room, id: messageIdentifier, on: z.boolean() }),
  z.object({ type: z.literal("typing"), ...tagged, room, on: z.boolean() }),
  z.object({ type: z.literal("read"), ...tagged, room, seq: position }),
  z.object({ type: z.literal("status"), ...tagged, state: z.enum(["online", "away", "busy"]), text: statusText }),
  z.object({ type: z.literal("ping"), ...tagged }),
]);

/** A frame of protocol 1. Throws {@link ChatError} as {@link parseFrame} does. */
export function parseRoomFrame(text: string): Command {
  return parseFrame(roomFrame, text);
}

/** A frame of protocol 5. Throws {@link ChatError} as {@link parseFrame} does. */
export function parseAppFrame(text: string): Command {
  return parseFrame(appFrame, text);
}

/**
 * A frame of a schema.
 *
 * @throws {ChatError} `bad_frame` for what is not such a frame, `invalid` for one whose text breaks a rule.
 */
export function parseFrame<T>(schema: z.ZodType<T>, text: string): T {
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const ruleBroken = issues.every(({ code }) => code === "custom");
  const tag = z.object(tagged).safeParse(value);
  throw refusal(ruleBroken ? "invalid" : "bad_frame", parsed.error, tag.success ? tag.data.nonce : undefined);
}

/**
 * A value of a schema.
 *
 * @throws {ChatError} `invalid`, with the fields that were wrong.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refusal("invalid", parsed.error);
}

function refusal(code: ErrorCode, error: z.ZodError, nonce?: string): ChatError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(step), message }));
  const [first] = error.issues, at = first?.path.join(".") ?? "";
  const sentence = first?.code === "custom" || at === "" ? first?.message : `${at}: ${first?.message}`;
  return new ChatError(code, sentence, { issues, nonce });
}

function step(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}
