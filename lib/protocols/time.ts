/**
 * Times on the wire: ISO 8601, UTC, with milliseconds.
 * @module
 */
import { z } from "zod";

/** A time in an answer or a frame. */
export const time = z.iso.datetime();

/** The last time that was written: entries of one commit share theirs. */
let last = { at: NaN, text: "" };

/** Writes a time, given in milliseconds since 1970. */
export function isoTime(at: number): string {
  if (last.at !== at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}

/** As {@link isoTime}; null stays null. */
export function isoTimeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
