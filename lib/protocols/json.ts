/**
 * JSON from outside, where nothing may be said twice: of a repeated key different readers take different values
 * (RFC 8259, 4).
 * @module
 */
import { ChatError } from "@/lib/errors.ts";

const DEPTH_MAX = 32;
/** What ends each key, and perhaps stands in strings too: a first count that nearly always is enough. */
const COLONS = /"\s*:/g;
/** Strings, and whether each is a key. What JSON.parse has accepted has no other quotes. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * The value of a JSON text.
 *
 * @throws {ChatError} `bad_frame` for what is not JSON, repeats a key or is nested too deeply.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ChatError("bad_frame", "This isn't JSON.");
  }
  const kept = countKeys(value);
  if (count(COLONS, text) > kept && writtenKeys(text) > kept) {
    throw new ChatError("bad_frame", "A key appears twice. Use each key once.");
  }
  return value;
}

/** How many keys are written in a JSON text. */
function writtenKeys(text: string): number {
  let keys = 0;
  for (const [, colon] of text.matchAll(STRINGS)) if (colon !== undefined) keys++;
  return keys;
}

/** How often a pattern is in a text, without making anything of what it matches. */
function count(pattern: RegExp, text: string): number {
  let times = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) times++;
  return times;
}

/** How many keys the objects in a value have. */
function countKeys(value: unknown, depth = 0): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth > DEPTH_MAX) throw new ChatError("bad_frame", `JSON can be at most ${DEPTH_MAX} levels deep.`);
  const values = Object.values(value);
  let keys = Array.isArray(value) ? 0 : values.length;
  for (const child of values) if (typeof child === "object") keys += countKeys(child, depth + 1);
  return keys;
}
