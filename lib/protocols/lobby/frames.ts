/**
 * The frames of protocol 2.
 * @module
 */
import { z } from "zod";
import { content } from "@/lib/model/schema/text.ts";
import type { Command } from "@/lib/protocols/codec.ts";
import { parse, parseFrame } from "@/lib/protocols/parse.ts";

/** What a client sends, where it is a JSON object. */
export const lobbyClientFrame = z.object({ message: content })
  .transform(({ message }) => ({ type: "post" as const, content: message }));

/** What the server sends. */
export const lobbyServerFrame = z.object({
  type: z.enum(["chat_message", "user_joined", "user_left", "error"]),
  user_name: z.string(),
  message: z.string(),
  timestamp: z.number().meta({ description: "seconds since 1970, with three decimals" }),
});

/** A frame from the server. */
export type LobbyServerFrame = z.infer<typeof lobbyServerFrame>;

/** Parses a frame. A text that is no JSON object is a message as it stands. Throws as {@link parseFrame} does. */
export function parseLobbyFrame(text: string): Command {
  return isObject(text) ? parseFrame(lobbyClientFrame, text) : { type: "post", content: parse(content, text) };
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
