/**
 * What clients of protocol 5 send.
 * @module
 */
import { z } from "zod";
import { messageIdentifier } from "@/lib/model/schema/ids.ts";
import { content, emoji } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { position, replyTo, tagged } from "@/lib/protocols/fields.ts";

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
