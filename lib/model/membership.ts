/**
 * Who belongs to a room.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { invite, membership, readMark, role } from "@/lib/model/schema/membership.ts";

/** A role in a room. */
export type Role = Parsed<typeof role>;

/** That an account belongs to a room, or is banned from it. */
export type Membership = Parsed<typeof membership>;

/** A link that lets people into a room. */
export type Invite = Parsed<typeof invite>;

/** How far an account has read a room. */
export type ReadMark = Parsed<typeof readMark>;
