/**
 * Schemas of the entries of a room's log.
 * @module
 */
import { z } from "zod";
import { role } from "@/lib/model/schema/membership.ts";
import { person } from "@/lib/model/schema/person.ts";

/** A place in a room's log, from 1. */
export const seq = z.int().positive();

/** What every entry has. */
export const change = {
  seq,
  /** Milliseconds since 1970. */
  at: z.number().meta({ description: "milliseconds since 1970" }),
  by: person,
};

/** One emoji on a message. */
export const reaction = z.object({
  emoji: z.string(),
  count: z.int().positive(),
  users: z.array(z.string()).meta({ description: "the names of up to 20 of them" }),
  /** Ids of the people in `users`, in the same order. Messages that an older version stored have none. */
  by: z.array(z.string()).optional().meta({ description: "their ids" }),
  /** Whether the reader chose it: set for one reader, never stored. */
  mine: z.boolean().optional().meta({ description: "whether you chose it" }),
});

/** A message as it stands now: edits and reactions change it in place. */
export const post = z.object({
  type: z.literal("post"),
  ...change,
  content: z.string(),
  /** The author's own name for it: the same author's same nonce again makes no second message. */
  nonce: z.string().optional(),
  editedAt: z.number().nullable().meta({ description: "milliseconds since 1970" }),
  /** `seq` of the message that this one replies to. */
  replyTo: seq.nullable().meta({ description: "the seq of the message that it replies to" }),
  pinned: z.boolean(),
  reactions: z.array(reaction),
  /** Ids of the accounts that it mentions. */
  mentions: z.array(z.string()).optional(),
});

/** A message was edited; `message` is what it is now. */
export const edit = z.object({ type: z.literal("edit"), ...change, message: post });

/** A message is gone. `post` was its `seq`; the entry that stood there, and every edit of it, became such an entry too. */
export const deletion = z.object({
  type: z.literal("delete"),
  ...change,
  post: seq,
  /** Where the message stood: its nonce, so that sending it again doesn't bring it back. */
  nonce: z.string().optional(),
});

/** An emoji was added or removed; `count` is how many chose it now. */
export const reactionChange = z.object({
  type: z.literal("react"),
  ...change,
  post: seq,
  emoji: z.string(),
  on: z.boolean(),
  count: z.int(),
});

/** A message was pinned or unpinned. */
export const pinChange = z.object({ type: z.literal("pin"), ...change, post: seq, on: z.boolean() });

/** The room was renamed, described, archived or reopened. */
export const roomChange = z.object({
  type: z.literal("room"),
  ...change,
  name: z.string(),
  description: z.string(),
  archived: z.boolean(),
});

/** A person's role changed, or they left (null). */
export const memberChange = z.object({
  type: z.literal("member"),
  ...change,
  member: person,
  role: role.nullable(),
});

/** Anything that people can see change in a room. */
export const entry = z.discriminatedUnion("type", [
  post,
  edit,
  deletion,
  reactionChange,
  pinChange,
  roomChange,
  memberChange,
]);
