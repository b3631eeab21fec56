/**
 * The frames of protocol 4, and the queries of `/chat/messages`.
 * @module
 */
import { z } from "zod";
import { content } from "@/lib/model/schema/text.ts";
import { bearerMessageView } from "@/lib/protocols/bearer/views.ts";
import { messagesLimit } from "@/lib/protocols/fields.ts";

/** A message's id in a path. What no message can have is parsed as an id that no message has. */
export const objectIdSegment = z.string().regex(/^[0-9a-f]{24}$/i, "A message's id is 24 hex digits here.")
  .transform((hex) => parseInt(hex, 16));

/** Query of a room's messages. */
export const newestQuery = z.object({ limit: messagesLimit });

/** What a client sends. */
export const bearerClientFrame = z.object({ content })
  .transform(({ content }) => ({ type: "post" as const, content }));

/** What the server sends. */
export const bearerServerFrame = z.discriminatedUnion("type", [
  bearerMessageView.extend({ type: z.literal("message") }),
  bearerMessageView.omit({ _id: true }).extend({ type: z.enum(["user_joined", "user_left"]) }),
  z.object({ type: z.literal("error"), content: z.string() }),
]);

/** A frame from the server. */
export type BearerServerFrame = z.infer<typeof bearerServerFrame>;
