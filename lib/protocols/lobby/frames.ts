/**
 * What clients of protocol 2 send.
 * @module
 */
import { z } from "zod";
import { content } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { parse, parseFrame } from "@/lib/protocols/parse.ts";

/** What a client of protocol 2 sends, where it is a JSON object. */
export const lobbyFrame: z.ZodType<Command> = z.object({ message: content })
  .transform(({ message }) => ({ type: "post" as const, content: message }));

/** A frame of protocol 2: whatever is not a JSON object is said as it stands. Throws as {@link parseFrame} does. */
export function parseLobbyFrame(text: string): Command {
  return isObject(text) ? parseFrame(lobbyFrame, text) : { type: "post", content: parse(content, text) };
}

function isObject(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
