/**
 * The frames of protocol 1.
 * @module
 */
import { z } from "zod";
import { note, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { messageView } from "@/lib/protocols/room/codec.ts";
import { nonce } from "@/lib/model/schema/ids.ts";
import { roomAddress, roomFrame, roomHello } from "@/lib/protocols/room/frames.ts";

const by = { user_id: z.string(), username: z.string() };
const place = { room_id: z.int(), seq: z.int().meta({ description: "the room's next" }) };
const example = {
  id: EXAMPLE.message,
  room_id: EXAMPLE.room,
  seq: 1,
  user_id: EXAMPLE.alice,
  username: "Alice",
  content: "Hello!",
  timestamp: EXAMPLE.time,
  edited_at: null,
  reply_to: null,
  pinned: false,
  reactions: [],
  attachments: [],
};
const change = { id: EXAMPLE.message, room_id: EXAMPLE.room, seq: 2, user_id: EXAMPLE.bob, username: "Bob" };

const message = note(
  "Somebody said something. It goes to all; the sender's own has its nonce.",
  z.object({ type: z.literal("message"), ...messageView.shape, nonce: nonce.optional() }),
  { type: "message", ...example, nonce: "n-1" },
);

/** Protocol 1. */
export const roomProtocol: SocketProtocol = {
  id: "room",
  title: "1. A room",
  address: "/ws/chat/{room}",
  about: [
    "One socket for one room, by its id or its unique name. Within 10 seconds the client says who it is: in the address, " +
    "or in its first frame. With a token or a session the name may be left out.",
    "Whatever people can see change has the room's next seq. To come back without a gap, give the last seq you saw as " +
    "after, with its epoch. A nonce again gets its sender the first message again, and the others nothing.",
  ],
  query: roomAddress,
  first: {
    schema: roomHello,
    says: "Who the client is, and where it was.",
    example: { username: "Alice", after: 41, epoch: EXAMPLE.epoch, batch: true },
  },
  client: {
    schema: roomFrame,
    frames: {
      message: { says: "Say something.", example: { type: "message", content: "Hello!", nonce: "n-1" } },
      typing: { says: "Begin to type, or stop.", example: { type: "typing", is_typing: true } },
      edit: { says: "Edit one's message.", example: { type: "edit", id: EXAMPLE.message, content: "Hello, all!" } },
      delete: { says: "Delete a message.", example: { type: "delete", id: EXAMPLE.message } },
      react: {
        says: "Add an emoji to a message, or withdraw it.",
        example: { type: "react", id: EXAMPLE.message, emoji: "👍", on: true },
      },
      pin: { says: "Pin a message, or unpin it.", example: { type: "pin", id: EXAMPLE.message, on: true } },
      read: { says: "Say how far one has read.", example: { type: "read", seq: 1 } },
      ping: { says: "Ask for a sign of life.", example: { type: "ping", nonce: "p-1" } },
    },
  },
  server: {
    connected: note(
      "The client is in, under this name. guest_token keeps the name for a later first frame.",
      z.object({
        type: z.literal("connected"),
        username: z.string(),
        room_id: z.int(),
        user_id: z.string(),
        seq: z.int(),
        epoch: z.string(),
        guest_token: z.string().optional(),
        server_time: z.iso.datetime(),
      }),
      {
        type: "connected",
        username: "Alice",
        room_id: EXAMPLE.room,
        user_id: EXAMPLE.alice,
        seq: 41,
        epoch: EXAMPLE.epoch,
        server_time: EXAMPLE.time,
      },
    ),
    message,
    system: note(
      "Somebody came or went, or the room itself changed; a change has a seq.",
      z.object({
        type: z.literal("system"),
        content: z.string(),
        room_id: z.int().optional(),
        seq: z.int().optional(),
      }),
      { type: "system", content: "Bob joined the room" },
    ),
    users_list: note(
      "Who is here, sorted; to all at every change, to who joins at once.",
      z.object({ type: z.literal("users_list"), users: z.array(z.string()), count: z.int() }),
      { type: "users_list", users: ["Alice", "Bob"], count: 2 },
    ),
    typing: note(
      "Who types, never oneself; an empty list when it ends.",
      z.object({ type: z.literal("typing"), users: z.array(z.string()) }),
      { type: "typing", users: ["Bob"] },
    ),
    edited: note(
      "A message was edited: this is what it is now.",
      z.object({ type: z.literal("edited"), ...messageView.shape, nonce: nonce.optional() }),
      { type: "edited", ...example, seq: 2, content: "Hello, all!", edited_at: EXAMPLE.time },
    ),
    deleted: note(
      "A message is gone.",
      z.object({ type: z.literal("deleted"), id: z.int(), ...place, ...by, nonce: nonce.optional() }),
      { type: "deleted", ...change },
    ),
    reacted: note(
      "Somebody added or withdrew an emoji; count is how many chose it now.",
      z.object({
        type: z.literal("reacted"),
        id: z.int(),
        ...place,
        ...by,
        emoji: z.string(),
        on: z.boolean(),
        count: z.int(),
        nonce: nonce.optional(),
      }),
      { type: "reacted", ...change, emoji: "👍", on: true, count: 1 },
    ),
    pinned: note(
      "A message was pinned or unpinned.",
      z.object({ type: z.literal("pinned"), id: z.int(), ...place, ...by, on: z.boolean(), nonce: nonce.optional() }),
      { type: "pinned", ...change, on: true },
    ),
    read: note(
      "Somebody has read so far; in direct rooms, and those of up to 20 members.",
      z.object({ type: z.literal("read"), room_id: z.int(), ...by, seq: z.int() }),
      { type: "read", room_id: EXAMPLE.room, user_id: EXAMPLE.bob, username: "Bob", seq: 1 },
    ),
    reset: note(
      "What was missed is over 1,000 entries, gone, or of another epoch: load the history anew.",
      z.object({ type: z.literal("reset"), seq: z.int(), epoch: z.string() }),
      { type: "reset", seq: 4120, epoch: EXAMPLE.epoch },
    ),
    batch: note(
      'What comes together, for a client that said "batch": true.',
      z.object({ type: z.literal("batch"), items: z.array(z.object({ type: z.string() }).loose()) }),
      { type: "batch", items: [message.example, { type: "deleted", ...change }] },
    ),
    room_deleted: note(
      "The room is gone; then the socket closes with 4410.",
      z.object({ type: z.literal("room_deleted"), message: z.string() }),
      { type: "room_deleted", message: "Room deleted" },
    ),
    error: note(
      "Something was refused; the socket stays, or its close code follows.",
      z.object({
        type: z.literal("error"),
        content: z.string(),
        code: z.string(),
        nonce: nonce.optional(),
        retry_after: z.number().optional().meta({ description: "seconds" }),
      }),
      { type: "error", content: "Room not found", code: "room_not_found" },
    ),
    pong: note("The answer to ping.", z.object({ type: z.literal("pong"), nonce: nonce.optional() }), {
      type: "pong",
      nonce: "p-1",
    }),
  },
  order: [
    "Who joins gets connected, what it missed where it gave after, then users_list.",
    "The others get system and users_list. A name is here once, however many sockets it has.",
    "Leaving is told at once after a clean close (1000, or no code), and after 2 seconds otherwise.",
    "Typing ends by itself after 6 seconds, with a message, and with leaving.",
  ],
};
