/**
 * The path parameters of the API, and the ids and times of the examples.
 * @module
 */
import { z } from "zod";
import type { ErrorCode } from "@/lib/errors.ts";
import { messageId } from "@/lib/model/message.ts";
import { accountId } from "@/lib/model/schema/ids.ts";
import { emoji } from "@/lib/model/schema/text.ts";
import { objectId } from "@/lib/protocols/bearer/views.ts";
import { messageSegment } from "@/lib/protocols/fields.ts";

/** The accounts, rooms and messages in the examples. */
export const EXAMPLE = {
  alice: "0199c2a40b1e5d7f3a6c9e02",
  bob: "0199c2a40c2f6e803b7daf13",
  room: 2,
  message: messageId(2, 1),
  chat: 3,
  chatMessage: messageId(3, 1),
  code: "hTz1c7bQfW0uYl2m",
  session: "nGk3rV8sXw5tZp1aJd6yLe",
  picture: "5f2b7c1e9a4d8036b1e7f0c3d9a25846",
  time: "2026-01-02T12:00:00.000Z",
  epoch: "b3f1c2d4",
  accessToken: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTk5In0.c2lnbmF0dXJl",
} as const;

/** The id of the example's message as protocol 4 writes it. */
export const OBJECT_ID = objectId(EXAMPLE.message);

/** A path parameter. */
export interface Parameter {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** The error for a value that doesn't exist. */
  readonly error?: ErrorCode;
}

const name = z.string().min(1).max(200);

/** The path parameters by name. */
export const PARAMETERS: Readonly<Record<string, Parameter>> = {
  room: {
    description: "A room's id, or its unique name; digits mean an id.",
    schema: name,
    example: "kitchen-rota",
    error: "room_not_found",
  },
  id: { description: "A message's id.", schema: messageSegment, example: EXAMPLE.message, error: "message_not_found" },
  emoji: { description: "One emoji.", schema: emoji, example: "👍" },
  account: {
    description: "An account's id, or `me`.",
    schema: z.union([accountId, z.literal("me")]),
    example: EXAMPLE.bob,
    error: "not_found",
  },
  person: { description: "An account's id.", schema: accountId, example: EXAMPLE.bob, error: "not_found" },
  code: { description: "The end of an invite link.", schema: name, example: EXAMPLE.code, error: "not_found" },
  session: { description: "A session's id.", schema: name, example: EXAMPLE.session, error: "not_found" },
  file: { description: "A file's id.", schema: name, example: EXAMPLE.picture, error: "not_found" },
  target: {
    description: "A room's id, or its unique name.",
    schema: name,
    example: "kitchen-rota",
    error: "room_not_found",
  },
  chat: { description: "A chat's id.", schema: z.int().min(1), example: EXAMPLE.chat, error: "room_not_found" },
};
