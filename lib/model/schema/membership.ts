/**
 * Schemas of memberships and invites.
 * @module
 */
import { z } from "zod";
import { person } from "@/lib/model/schema/person.ts";

/** A role in a room. Banned people may not even read. */
export const role = z.enum(["owner", "moderator", "member", "banned"]);

/** That an account belongs to a room, or is banned from it. */
export const membership = z.object({ role, person, since: z.number() });

/** A link that lets people into a room. Times in milliseconds since 1970. */
export const invite = z.object({
  code: z.string(),
  room: z.int().positive(),
  by: person,
  createdAt: z.number(),
  /** Null where it doesn't expire. */
  expiresAt: z.number().nullable(),
  /** How many more may use it, or null for any number. */
  usesLeft: z.int().nullable(),
});

/** How far an account has read a room. */
export const readMark = z.object({
  seq: z.int().min(0),
  /** How many posts there were up to there. */
  posts: z.int().min(0),
});
