/**
 * The frames of protocol 3.
 * @module
 */
import { z } from "zod";
import { type ServerFrameNote, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { chatMessage } from "@/lib/protocols/chats/codec.ts";
import { chatFrame } from "@/lib/protocols/chats/frames.ts";

function presence(type: "user_joined" | "user_left", says: string): ServerFrameNote {
  return {
    says,
    schema: z.object({
      type: z.literal(type),
      user_id: z.string(),
      username: z.string(),
      active_users: z.array(z.string()).meta({ description: "the ids of those who are here now" }),
      timestamp: z.iso.datetime(),
    }),
    example: { type, user_id: EXAMPLE.bob, username: "Bob", active_users: [EXAMPLE.alice], timestamp: EXAMPLE.time },
  };
}

/** Protocol 3. */
export const chatsProtocol: SocketProtocol = {
  id: "chats",
  title: "3. A chat between accounts",
  address: "/api/chats/ws/{chat}/{user}",
  about: ["For the account that the address names, by the cookie of its session or its token."],
  query: z.object({ token: z.string().optional() }),
  client: {
    schema: chatFrame,
    frames: {
      message: { says: "Say something.", example: { type: "message", content: "hi" } },
      typing: { says: "Begin to type, or stop.", example: { type: "typing", is_typing: true } },
    },
  },
  server: {
    message: {
      says: "Somebody said something; to all, the sender too.",
      schema: z.object({ type: z.literal("message"), ...chatMessage.shape }),
      example: {
        type: "message",
        id: EXAMPLE.chatMessage,
        chat_id: EXAMPLE.chat,
        user_id: EXAMPLE.bob,
        sender_id: EXAMPLE.bob,
        username: "Bob",
        content: "hi",
        timestamp: EXAMPLE.time,
      },
    },
    user_joined: presence("user_joined", "Somebody came; to all, to who joins too."),
    user_left: presence("user_left", "Somebody left."),
    typing: {
      says: "Somebody began to type, or stopped; to the others.",
      schema: z.object({
        type: z.literal("typing"),
        user_id: z.string(),
        username: z.string(),
        is_typing: z.boolean(),
      }),
      example: { type: "typing", user_id: EXAMPLE.bob, username: "Bob", is_typing: true },
    },
    error: {
      says: "Something was refused.",
      schema: z.object({ type: z.literal("error"), content: z.string() }),
      example: { type: "error", content: "Write something first: the message is empty." },
    },
  },
  order: ["Who joins gets its own user_joined first, with those who are here."],
};
