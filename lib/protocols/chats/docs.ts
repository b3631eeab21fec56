/**
 * The reference of protocol 3's frames.
 * @module
 */
import { z } from "zod";
import { describe, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { chatClientFrame, chatServerFrame } from "@/lib/protocols/chats/frames.ts";
import { chatMessageExample } from "@/lib/protocols/chats/openapi.ts";

const bob = { user_id: EXAMPLE.bob, username: "Bob" };
const presence = { ...bob, active_users: [EXAMPLE.alice], timestamp: EXAMPLE.time };

/** Protocol 3. */
export const chatsProtocol: SocketProtocol = {
  id: "chats",
  title: "3. A chat between accounts",
  address: "/api/chats/ws/{chat}/{user}",
  about: ["For the account in the address, with the cookie of its session or its token."],
  query: z.object({ token: z.string().optional() }),
  client: {
    schema: chatClientFrame,
    notes: {
      message: { says: "Post a message. You can leave type out.", example: { type: "message", content: "hi" } },
      typing: { says: "Start or stop typing.", example: { type: "typing", is_typing: true } },
    },
  },
  server: describe(chatServerFrame, {
    message: {
      says: "A new message. Everyone gets it, its author too.",
      example: { type: "message", ...chatMessageExample },
    },
    user_joined: {
      says: "Someone came. Everyone gets it, the person who joins too.",
      example: { type: "user_joined", ...presence, active_users: [EXAMPLE.alice, EXAMPLE.bob] },
    },
    user_left: { says: "Someone left.", example: { type: "user_left", ...presence } },
    typing: {
      says: "Someone started or stopped typing. The others get it.",
      example: { type: "typing", ...bob, is_typing: true },
    },
    error: { says: "The server refused something.", example: { type: "error", content: "Write a message first." } },
  }),
  order: ["When you join, your own user_joined comes first, with the people who are here."],
};
