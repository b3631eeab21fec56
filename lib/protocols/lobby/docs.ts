/**
 * The frames of protocol 2.
 * @module
 */
import { z } from "zod";
import { type ServerFrameNote, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { lobbyFrame } from "@/lib/protocols/lobby/frames.ts";

function frame(type: string, says: string, user_name: string, message: string): ServerFrameNote {
  return {
    says,
    schema: z.object({
      type: z.literal(type),
      user_name: z.string(),
      message: z.string(),
      timestamp: z.number().meta({ description: "seconds since 1970, with a fraction" }),
    }),
    example: { type, user_name, message, timestamp: 1767355200.123 },
  };
}

/** Protocol 2. */
export const lobbyProtocol: SocketProtocol = {
  id: "lobby",
  title: "2. The lobby",
  address: "/ws/{username}",
  about: [
    "One public room under the name in the address. Whoever comes with a token or a session has the account's name.",
    "Whatever is not a JSON object is said as it stands.",
  ],
  query: z.object({
    room: z.string().optional().meta({ description: "another room than general, by its id or name" }),
    token: z.string().optional(),
  }),
  client: {
    schema: lobbyFrame,
    frames: { message: { says: "Say something; a type is not needed.", example: { message: "hi" } } },
  },
  server: {
    chat_message: frame("chat_message", "Somebody said something; to all, the sender too.", "alice", "hi"),
    user_joined: frame("user_joined", "Somebody came; to all, to who joins too.", "alice", "alice joined the chat"),
    user_left: frame("user_left", "Somebody left.", "alice", "alice left the chat"),
    error: frame("error", "Something was refused.", "system", "Write something first: the message is empty."),
  },
  order: ["Who joins gets its own user_joined first. What was said before is not repeated."],
};
