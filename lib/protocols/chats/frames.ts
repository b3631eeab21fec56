/**
 * What clients of protocol 3 send: frames, and the bodies and queries of `/api/auth` and `/api/chats`.
 * @module
 */
import { z } from "zod";
import { accountId } from "@/lib/model/schema/ids.ts";
import { content, roomName } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { digits, given, MEMBERS_MAX } from "@/lib/protocols/fields.ts";

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

/** What a client of protocol 3 sends. */
export const chatFrame: z.ZodType<Command> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message").optional(), content })
    .transform(({ content }) => ({ type: "post" as const, content })),
  z.object({ type: z.literal("typing"), is_typing: z.boolean() })
    .transform(({ is_typing }) => ({ type: "typing" as const, on: is_typing })),
]);
