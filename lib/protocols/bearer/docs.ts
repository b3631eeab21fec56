/**
 * The frames of protocol 4.
 * @module
 */
import { z } from "zod";
import { type ServerFrameNote, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE, OBJECT_ID } from "@/lib/protocols/parameters.ts";
import { bearerMessage } from "@/lib/protocols/bearer/codec.ts";
import { bearerFrame } from "@/lib/protocols/bearer/frames.ts";

function news(type: "user_joined" | "user_left", says: string, what: string): ServerFrameNote {
  return {
    says,
    schema: z.object({
      type: z.literal(type),
      user_id: z.string(),
      username: z.string(),
      content: z.string(),
      room: z.string(),
      created_at: z.iso.datetime(),
    }),
    example: {
      type,
      user_id: EXAMPLE.bob,
      username: "Bob",
      content: `Bob ${what} the chat`,
      room: "kitchen-rota",
      created_at: EXAMPLE.time,
    },
  };
}

/** Protocol 4. */
export const bearerProtocol: SocketProtocol = {
  id: "bearer",
  title: "4. A room by its name",
  address: "/chat/ws/{room}",
  about: [
    "For an account, by its token. One that runs out while the socket is open ends it with 4401 within a minute; so does " +
    "disabling the account, at once.",
  ],
  query: z.object({ token: z.string() }),
  client: {
    schema: bearerFrame,
    frames: { message: { says: "Say something; a type is not needed.", example: { content: "Hello" } } },
  },
  server: {
    message: {
      says: "Somebody said something; to all, the sender too.",
      schema: z.object({ type: z.literal("message"), ...bearerMessage.shape }),
      example: {
        type: "message",
        _id: OBJECT_ID,
        user_id: EXAMPLE.bob,
        username: "Bob",
        content: "Hello",
        room: "kitchen-rota",
        created_at: EXAMPLE.time,
      },
    },
    user_joined: news("user_joined", "Somebody came; to all, to who joins too.", "joined"),
    user_left: news("user_left", "Somebody left.", "left"),
    error: {
      says: "Something was refused.",
      schema: z.object({ type: z.literal("error"), content: z.string() }),
      example: { type: "error", content: "Write something first: the message is empty." },
    },
  },
  order: ["Who joins gets its own user_joined first. What was said before is at GET /chat/messages/{room}."],
};
