/**
 * Schemas of fields, queries and bodies that several protocols share.
 * @module
 */
import { z } from "zod";
import { password } from "@/lib/chat/passwords.ts";
import { messageIdentifier, nonce } from "@/lib/model/schema/ids.ts";
import { email, username } from "@/lib/model/schema/text.ts";

/** Most accounts that one request may name. */
export const MEMBERS_MAX = 100;

/** An optional field. Many programs write null for a field that they leave out. */
export function optional<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? undefined).optional();
}

/** An optional field of a form, where an empty text means that it was left out. */
export function given<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => typeof value === "string" && value.trim() === "" ? undefined : value,
    schema.nullish(),
  );
}

/** A whole number in a path or a query. */
export const digits = z.string().regex(/^\d+$/, "Use a whole number.").transform(Number);

/** A `seq`, or 0 for before the first. */
export const position = z.int().min(0);

/** The `nonce` that a frame may carry. */
export const tagged = { nonce: optional(nonce) };

/** Id of the message that a message replies to. */
export const replyTo = messageIdentifier.nullish().transform((id) => id ?? undefined);

/** A message's id in a path. */
export const messageSegment = digits.pipe(messageIdentifier);

/** How many messages a page has. */
export const messagesLimit = digits.pipe(z.int().min(1).max(500)).default(50);

/** Query of a room's messages. */
export const messagesQuery = z.object({
  limit: messagesLimit,
  before: digits.pipe(messageIdentifier).optional(),
  after: digits.pipe(messageIdentifier).optional(),
  around: digits.pipe(messageIdentifier).optional(),
}).refine(
  ({ before, after, around }) => [before, after, around].filter((id) => id !== undefined).length <= 1,
  "Use only one of before, after and around.",
);

/** No room has a greater id: those of its messages are safe integers. */
const ROOM_MAX = 2 ** 21 - 1;

/** How many rooms or accounts a page has. */
export const listLimit = digits.pipe(z.int().min(1).max(1000)).default(1000);

/** Which page of a list of rooms a query wants. */
export const roomsPage = z.object({
  limit: listLimit,
  cursor: digits.pipe(z.int().min(0).max(ROOM_MAX)).default(0),
});

/** A password to be checked against the account's. */
export const typedPassword = z.string().max(1024);

/** `POST /api/auth/register`, `POST /users/`. The password is checked by a rule that takes time. */
export const newAccount = z.object({ username, password, email: given(email) });

/** `POST /api/auth/login`, `POST /token`. A name that no account can have is refused like a wrong one. */
export const credentials = z.object({
  username: z.string().transform((name) => username.safeParse(name).data ?? ""),
  password: typedPassword,
});
