/**
 * Protocol 2: one public room, `/ws/{username}` (docs/protocols.md).
 * @module
 */
import type { Codec } from "@/lib/protocols/codec.ts";
import { type LobbyServerFrame, parseLobbyFrame } from "@/lib/protocols/lobby/frames.ts";

/** The sender of `error` frames: every frame of this protocol names one. */
const SERVER = "system";

/** Protocol 2. */
export const lobbyCodec: Codec = {
  protocol: "lobby",
  decode: parseLobbyFrame,
  entry: (_room, entry) =>
    entry.type === "post" ? frame("chat_message", entry.by.name, entry.content, entry.at) : undefined,
  joined: (_room, people) => people.map(({ name }) => frame("user_joined", name, `${name} joined the chat`)),
  echoesJoin: true,
  left: (_room, people) => people.map(({ name }) => frame("user_left", name, `${name} left the chat`)),
  roomEvent: (event) => event === "deleted" ? frame("error", SERVER, "Room deleted") : undefined,
  error: ({ message }) => frame("error", SERVER, message),
};

/** A frame; `at` is in milliseconds since 1970, the frame's time in seconds with three decimals even where they are zeros. */
function frame(type: LobbyServerFrame["type"], user_name: string, message: string, at = Date.now()): string {
  const rest: Omit<LobbyServerFrame, "timestamp"> = { type, user_name, message };
  return `${JSON.stringify(rest).slice(0, -1)},"timestamp":${(at / 1000).toFixed(3)}}`;
}
