/**
 * Who belongs to a room.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { invite, membership, readMark, role } from "@/lib/model/schema/membership.ts";

/** A role in a room. */
export type Role = z.infer<typeof role>;

/** That an account belongs to a room, or is banned from it. */
export type Membership = Immutable<z.infer<typeof membership>>;

/** A link that lets people into a room. */
export type Invite = Immutable<z.infer<typeof invite>>;

/** How far an account has read a room. */
export type ReadMark = Immutable<z.infer<typeof readMark>>;
