/**
 * Schemas of rooms and of the head of a room's log.
 * @module
 */
import { z } from "zod";
import { person } from "@/lib/model/schema/person.ts";

/** Everyone may come to a public room, members to a private one; a direct one is between two people for good. */
export const roomKind = z.enum(["public", "private", "direct"]);

/** What happened to a room. */
export const roomEvent = z.enum(["created", "changed", "deleted"]);

/** A room. */
export const room = z.object({
  id: z.int().positive(),
  /** Unique among public rooms; empty for a direct one. */
  name: z.string(),
  description: z.string(),
  kind: roomKind,
  archived: z.boolean(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  /** Null for rooms that the server creates itself. */
  createdBy: person.nullable(),
  /** Whether an account was ever made its owner, beside the one that created it. */
  owned: z.boolean().optional(),
  /** The two people of a direct room. */
  between: z.array(person).optional(),
});

/** The head of a room's log. */
export const head = z.object({
  /** Names the log: a recreated one has another, so no client resumes from the wrong one. */
  epoch: z.string(),
  /** The last `seq`; 0 before the first entry. */
  seq: z.int().min(0),
  /** How many posts were ever made. */
  posts: z.int().min(0),
  /** Time of the last post in milliseconds since 1970, or 0. */
  at: z.number(),
});
