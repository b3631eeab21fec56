/**
 * The reference of protocol 2's frames.
 * @module
 */
import { z } from "zod";
import { describe, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { lobbyClientFrame, lobbyServerFrame } from "@/lib/protocols/lobby/frames.ts";

const timestamp = 1767355200.123;

/** Protocol 2. */
export const lobbyProtocol: SocketProtocol = {
  id: "lobby",
  title: "2. The lobby",
  address: "/ws/{username}",
  about: [
    "One public room, under the name in the address. With a token or a session you have your account's name.",
    "A text that isn't a JSON object is posted as it stands.",
  ],
  query: z.object({
    room: z.string().optional().meta({ description: "another room than general, by its id or name" }),
    token: z.string().optional(),
  }),
  client: {
    schema: lobbyClientFrame,
    notes: { message: { says: "Post a message. You can leave type out.", example: { message: "hi" } } },
  },
  server: describe(lobbyServerFrame, {
    chat_message: {
      says: "A new message. Everyone gets it, its author too.",
      example: { type: "chat_message", user_name: "alice", message: "hi", timestamp },
    },
    user_joined: {
      says: "Someone came. Everyone gets it, the person who joins too.",
      example: { type: "user_joined", user_name: "alice", message: "alice joined the chat", timestamp },
    },
    user_left: {
      says: "Someone left.",
      example: { type: "user_left", user_name: "alice", message: "alice left the chat", timestamp },
    },
    error: {
      says: "The server refused something.",
      example: { type: "error", user_name: "system", message: "Room deleted", timestamp },
    },
  }),
  order: ["When you join, your own user_joined comes first. Earlier messages are not repeated."],
};
