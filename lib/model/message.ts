/**
 * Messages, and their ids.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { post, reaction } from "@/lib/model/schema/entry.ts";

/** One emoji on a message: how many people chose it, and the names and ids of the first of them. */
export type Reaction = Parsed<typeof reaction>;

/** Whether a person is among those who chose a reaction; undefined where the reaction alone doesn't say. */
export function isMine({ mine, by, count }: Reaction, person: string): boolean | undefined {
  if (mine !== undefined) return mine;
  if (by?.includes(person)) return true;
  return by?.length === count ? false : undefined;
}

/** A message as it stands now. */
export type Post = Parsed<typeof post>;

const SPAN = 2 ** 32;

/** The id of a message, unique in the whole server: `room * 2^32 + seq`. */
export function messageId(room: number, seq: number): number {
  return room * SPAN + seq;
}

/** The room and `seq` in a message id, or undefined where no message can have that id. */
export function splitMessageId(id: number): { room: number; seq: number } | undefined {
  const room = Math.floor(id / SPAN), seq = id % SPAN;
  if (!Number.isSafeInteger(id) || room < 1 || seq < 1) return undefined;
  return { room, seq };
}
