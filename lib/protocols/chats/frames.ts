/**
 * The frames of protocol 3, and the bodies and queries of `/api/auth` and `/api/chats`.
 * @module
 */
import { z } from "zod";
import { accountId } from "@/lib/model/schema/ids.ts";
import { content, roomName } from "@/lib/model/schema/text.ts";
import { chatMessageView } from "@/lib/protocols/chats/views.ts";
import { given, listLimit, MEMBERS_MAX } from "@/lib/protocols/fields.ts";
import { personFields } from "@/lib/protocols/room/views.ts";
import { time } from "@/lib/protocols/time.ts";

/** Query of the list of accounts. */
export const accountsQuery = z.object({
  limit: listLimit,
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
})).refine(({ people }) => people.length <= MEMBERS_MAX, `A chat can start with at most ${MEMBERS_MAX} people.`);

/** What a client sends. */
export const chatClientFrame = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message").optional(), content })
    .transform(({ content }) => ({ type: "post" as const, content })),
  z.object({ type: z.literal("typing"), is_typing: z.boolean() })
    .transform(({ is_typing }) => ({ type: "typing" as const, on: is_typing })),
]);

/** What the server sends. */
export const chatServerFrame = z.discriminatedUnion("type", [
  chatMessageView.extend({ type: z.literal("message") }),
  z.object({
    type: z.enum(["user_joined", "user_left"]),
    ...personFields,
    active_users: z.array(z.string()).meta({ description: "the ids of the people who are here now" }),
    timestamp: time,
  }),
  z.object({ type: z.literal("typing"), ...personFields, is_typing: z.boolean() }),
  z.object({ type: z.literal("error"), content: z.string() }),
]);

/** A frame from the server. */
export type ChatServerFrame = z.infer<typeof chatServerFrame>;
