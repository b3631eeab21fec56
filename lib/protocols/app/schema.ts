/**
 * Schemas of the frames of protocol 5. The server parses and describes with them; their types are in frames.ts, which the
 * browser imports as well.
 * @module
 */
import { z } from "zod";
import { entry } from "@/lib/model/schema/entry.ts";
import { messageIdentifier } from "@/lib/model/schema/ids.ts";
import { person, present, status } from "@/lib/model/schema/person.ts";
import { head, room as roomSchema, roomEvent } from "@/lib/model/schema/room.ts";
import { content, emoji, statusText } from "@/lib/model/schema/text.ts";
import { position, replyTo, tagged } from "@/lib/protocols/fields.ts";

const room = z.int().positive(), count = z.int().min(0), nonce = z.string();
const message = { ...tagged, room, id: messageIdentifier };

/** What a client sends. Message ids are unique on the server; `room` is always an id. */
export const appClientFrame = z.discriminatedUnion("type", [
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
  z.object({ type: z.literal("edit"), ...message, content }),
  z.object({ type: z.literal("delete"), ...message }),
  z.object({ type: z.literal("react"), ...message, emoji, on: z.boolean() }),
  z.object({ type: z.literal("pin"), ...message, on: z.boolean() }),
  z.object({ type: z.literal("typing"), ...tagged, room, on: z.boolean() }),
  z.object({ type: z.literal("read"), ...tagged, room, seq: position }),
  z.object({ type: z.literal("status"), ...tagged, state: status.shape.state, text: statusText.default("") }),
  z.object({ type: z.literal("ping"), ...tagged }),
]);

/** A room in the sidebar. */
export const roomSummary = z.object({
  room: roomSchema,
  head,
  online: count.meta({ description: "how many people are in it now" }),
  unread: count.meta({ description: "0 for guests, and in rooms that you never opened" }),
  mentions: count.meta({ description: "how many of the unread messages mention you" }),
});

/** What the server sends. */
export const appServerFrame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    user: person.nullable(),
    server_time: z.int().meta({ description: "milliseconds since 1970" }),
    version: z.string(),
    rooms: z.array(roomSummary),
  }),
  z.object({ type: z.literal("events"), room, from: z.int(), entries: z.array(entry) }),
  z.object({ type: z.literal("reset"), room, head }),
  z.object({ type: z.literal("presence"), room, users: z.array(present) }),
  z.object({ type: z.literal("typing"), room, users: z.array(z.string()) }),
  z.object({ type: z.literal("read"), room, user: person, seq: count }),
  z.object({ type: z.literal("unread"), room, count, mentions: count }),
  z.object({ type: z.literal("rooms"), event: roomEvent, room: roomSchema }),
  z.object({ type: z.literal("ok"), nonce, id: z.int().optional(), seq: count.optional() }),
  z.object({
    type: z.literal("error"),
    nonce: nonce.optional(),
    code: z.string(),
    detail: z.string(),
    retry_after: z.number().optional().meta({ description: "seconds" }),
  }),
  z.object({ type: z.literal("pong"), nonce: nonce.optional() }),
]);
