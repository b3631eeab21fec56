/**
 * The reference of protocol 4's frames.
 * @module
 */
import { z } from "zod";
import { describe, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { bearerClientFrame, bearerServerFrame } from "@/lib/protocols/bearer/frames.ts";
import { bearerMessageExample } from "@/lib/protocols/bearer/openapi.ts";

const bob = { user_id: EXAMPLE.bob, username: "Bob", room: "kitchen-rota", created_at: EXAMPLE.time };

/** Protocol 4. */
export const bearerProtocol: SocketProtocol = {
  id: "bearer",
  title: "4. A room by its name",
  address: "/chat/ws/{room}",
  about: [
    "For an account, with its token. When the token expires, the socket closes with 4401 within a minute; when the account " +
    "is disabled, at once.",
  ],
  query: z.object({ token: z.string() }),
  client: {
    schema: bearerClientFrame,
    notes: { message: { says: "Post a message. You can leave type out.", example: { content: "Hello" } } },
  },
  server: describe(bearerServerFrame, {
    message: {
      says: "A new message. Everyone gets it, its author too.",
      example: { type: "message", ...bearerMessageExample },
    },
    user_joined: {
      says: "Someone came. Everyone gets it, the person who joins too.",
      example: { type: "user_joined", ...bob, content: "Bob joined the chat" },
    },
    user_left: { says: "Someone left.", example: { type: "user_left", ...bob, content: "Bob left the chat" } },
    error: { says: "The server refused something.", example: { type: "error", content: "Write a message first." } },
  }),
  order: ["When you join, your own user_joined comes first. GET /chat/messages/{room} has the earlier messages."],
};
