/**
 * Everything that comes from outside, as zod schemas in one place: bodies and queries of the REST API, frames of the
 * sockets. Parsed here once; behind this line the types hold.
 * @module
 */
import { z } from "zod";
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import { messageId, splitMessageId } from "@/lib/model/message.ts";
import { password } from "@/lib/chat/passwords.ts";
import { scope } from "@/lib/model/schema/account.ts";
import { role } from "@/lib/model/schema/membership.ts";
import { about, content, description, email, emoji, roomName, username } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { parseJson } from "@/lib/protocols/json.ts";

/** A client's own name for a request, by which a repeat is known. */
export const nonce = z.string().min(1).max(128);

/** The id of a message. */
export const messageIdentifier = z.int().refine(
  (id) => splitMessageId(id) !== undefined,
  "No message can have this id.",
).meta({ minimum: messageId(1, 1), not: { multipleOf: messageId(1, 0) } });

const position = z.int().min(0);

/** The id of an account. */
export const accountId = z.string().regex(/^[0-9a-f]{24}$/, "An account's id is 24 lower-case hex characters.");

/** Accounts that one request may name. */
const MEMBERS_MAX = 100;

/** What may be left out. Null says no more than that, and many programs write it. */
function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined).optional();
}

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

/** No room has a greater id: those of its messages are safe integers. */
const ROOM_MAX = 2 ** 21 - 1;

/** Query of the list of rooms. */
export const roomsQuery = z.object({
  q: z.string().max(100).default(""),
  limit: digits.pipe(z.int().min(1).max(1000)).default(1000),
  cursor: digits.pipe(z.int().min(0).max(ROOM_MAX)).default(0),
});

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

/** What forms leave empty was not given. */
function given<T>(schema: z.ZodType<T>) {
  return z.preprocess(
    (value) => typeof value === "string" && value.trim() === "" ? undefined : value,
    schema.nullish(),
  );
}

/** `POST /api/auth/register`, `POST /users/`. The password is checked by a rule that takes time. */
export const newAccount = z.object({ username, password, email: given(email) });

/** `POST /api/auth/login`, `POST /token`. A name that nobody can have is nobody's, and is refused like a wrong one. */
export const credentials = z.object({
  username: z.string().transform((name) => username.safeParse(name).data ?? ""),
  password: z.string().max(1024),
});

/** Query of the list of accounts. */
export const accountsQuery = z.object({
  limit: digits.pipe(z.int().min(1).max(1000)).default(1000),
  cursor: accountId.optional(),
});

const participants = z.array(accountId).nullable().default([]).transform((ids) => ids ?? []);

/** `POST /api/chats`. The people have four names, which mean the same. */
export const newChat = z.object({
  participants,
  participant_ids: participants,
  user_ids: participants,
  members: participants,
  name: given(roomName),
  is_group: z.boolean().nullish(),
}).transform(({ participants, participant_ids, user_ids, members, name, is_group }) => ({
  people: [...participants, ...participant_ids, ...user_ids, ...members],
  name,
  isGroup: is_group ?? false,
})).refine(({ people }) => people.length <= MEMBERS_MAX, `Begin with at most ${MEMBERS_MAX} people.`);

/** Query of the list of chats. */
export const chatsQuery = roomsQuery.omit({ q: true });

/** A message's id in a path. */
export const messageSegment = digits.pipe(messageIdentifier);

/** A message's id in a path of protocol 4; what no message can have is one that nobody knows. */
export const objectIdSegment = z.string().regex(/^[0-9a-f]{24}$/i, "A message's id is 24 hex digits here.")
  .transform((hex) => parseInt(hex, 16));

/** Query of a room's messages in protocol 4. */
export const newestQuery = z.object({ limit: digits.pipe(z.int().min(1).max(500)).default(50) });

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

const tagged = { nonce: optional(nonce) };
const replyTo = messageIdentifier.nullish().transform((id) => id ?? undefined);

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

/** What a client of protocol 3 sends. */
export const chatFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message").optional(), content })
    .transform(({ content }) => ({ type: "post" as const, content })),
  z.object({ type: z.literal("typing"), is_typing: z.boolean() })
    .transform(({ is_typing }) => ({ type: "typing" as const, on: is_typing })),
]);

/** What a client of protocol 2 sends, where it is a JSON object. */
export const lobbyFrame: z.ZodType<Command> = z.object({ message: content })
  .transform(({ message }) => ({ type: "post" as const, content: message }));

/** What a client of protocol 4 sends. */
export const bearerFrame: z.ZodType<Command> = z.object({ content })
  .transform(({ content }) => ({ type: "post" as const, content }));

const room = z.int().positive();

const statusText = z.string().max(100).default("").transform((text) => text.toWellFormed().trim());

/** What a client of protocol 5 sends. */
export const appFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
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

/** A frame of protocol 2: whatever is not a JSON object is said as it stands. Throws as {@link parseFrame} does. */
export function parseLobbyFrame(text: string): Command {
  return isObject(text) ? parseFrame(lobbyFrame, text) : { type: "post", content: parse(content, text) };
}

function isObject(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A frame of protocol 3. Throws {@link ChatError} as {@link parseFrame} does. */
export function parseChatFrame(text: string): Command {
  return parseFrame(chatFrame, text);
}

/** A frame of protocol 4. Throws {@link ChatError} as {@link parseFrame} does. */
export function parseBearerFrame(text: string): Command {
  return parseFrame(bearerFrame, text);
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

/** As {@link parse}, for a schema with a rule that takes time. */
export async function parseInTime<T>(schema: z.ZodType<T>, value: unknown): Promise<T> {
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  throw refusal("invalid", parsed.error);
}

function refusal(code: ErrorCode, error: z.ZodError, nonce?: string): ChatError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(step), message }));
  const [first] = error.issues;
  return new ChatError(code, first && sentenceOf(first), { issues, nonce });
}

/** What people call the kinds of value that zod expects. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  array: "a list",
  object: "a JSON object",
};

/** What to do about something that was wrong. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const { code, message } = issue, at = issue.path.join(".");
  const kind = code === "invalid_type" ? KINDS[issue.expected] : undefined;
  if (kind !== undefined) return at === "" ? `Send ${kind}.` : `Give ${at} as ${kind}.`;
  if (code === "invalid_union" && "options" in issue) return `Give ${at} as ${choice(issue.options ?? [])}.`;
  if (code === "too_small" && issue.origin === "number") return `Give ${at} as a number of at least ${issue.minimum}.`;
  if (code === "too_big" && issue.origin === "number") return `Give ${at} as a number of at most ${issue.maximum}.`;
  return code === "custom" || at === "" ? message : `${at}: ${message}`;
}

function choice(options: readonly unknown[]): string {
  const names = options.filter((option) => typeof option === "string").map((name) => `"${name}"`);
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

function step(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}
