/**
 * The reference of protocol 1's frames.
 * @module
 */
import { describe, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { roomAddress, roomClientFrame, roomHello, roomServerFrame } from "@/lib/protocols/room/frames.ts";
import { messageExample } from "@/lib/protocols/room/openapi_rooms.ts";

const { room, alice, bob, epoch, time, message: id } = EXAMPLE;
const message = { ...messageExample, reactions: [] };
const change = { id, room_id: room, seq: 2, user_id: bob, username: "Bob" };

/** Protocol 1. */
export const roomProtocol: SocketProtocol = {
  id: "room",
  title: "1. A room",
  address: "/ws/chat/{room}",
  about: [
    "One socket for one room, named by its id or its unique name. Say who you are within 10 seconds, in the address or in " +
    "the first frame. With a token or a session you can leave the name out.",
    "Every change that people can see takes the room's next seq. To resume after a disconnect without a gap, send the last " +
    "seq you saw as after, together with its epoch. If you send a message again with the same nonce, you get the first " +
    "message back, and the others get nothing.",
  ],
  query: roomAddress,
  first: {
    schema: roomHello,
    says: "Who you are, and where you left off.",
    example: { username: "Alice", after: 41, epoch, batch: true },
  },
  client: {
    schema: roomClientFrame,
    notes: {
      message: { says: "Post a message.", example: { type: "message", content: "Hello!", nonce: "n-1" } },
      typing: { says: "Start or stop typing.", example: { type: "typing", is_typing: true } },
      edit: { says: "Edit your message.", example: { type: "edit", id, content: "Hello, all!" } },
      delete: { says: "Delete a message.", example: { type: "delete", id } },
      react: { says: "Add or remove a reaction.", example: { type: "react", id, emoji: "👍", on: true } },
      pin: { says: "Pin or unpin a message.", example: { type: "pin", id, on: true } },
      read: { says: "Set how far you have read.", example: { type: "read", seq: 1 } },
      ping: { says: "Check that the server answers.", example: { type: "ping", nonce: "p-1" } },
    },
  },
  server: describe(roomServerFrame, {
    connected: {
      says: "You're in, under this name. A guest can send guest_token in a later first frame to keep the name.",
      example: {
        type: "connected",
        username: "Alice",
        room_id: room,
        user_id: alice,
        seq: 41,
        epoch,
        server_time: time,
      },
    },
    message: {
      says: "A new message. Everyone gets it, its author too.",
      example: { type: "message", ...message, nonce: "n-1" },
    },
    system: {
      says: "People came or left, or the room or a role changed; a change has a seq.",
      example: { type: "system", content: "Bob joined the room" },
    },
    users_list: {
      says: "Who is here, sorted by name. You get it when you join, and everyone at every change.",
      example: { type: "users_list", users: ["Alice", "Bob"], count: 2 },
    },
    typing: {
      says: "Who is typing, without you; the list is empty when they stop.",
      example: { type: "typing", users: ["Bob"] },
    },
    edited: {
      says: "A message was edited. This is the whole message as it is now.",
      example: { type: "edited", ...message, seq: 2, content: "Hello, all!", edited_at: time },
    },
    deleted: { says: "A message was deleted.", example: { type: "deleted", ...change } },
    reacted: {
      says: "A reaction was added or removed; count is how many people have it now.",
      example: { type: "reacted", ...change, emoji: "👍", on: true, count: 1 },
    },
    pinned: { says: "A message was pinned or unpinned.", example: { type: "pinned", ...change, on: true } },
    read: {
      says: "How far someone has read. Only sent while at most 20 people are here.",
      example: { type: "read", room_id: room, user_id: bob, username: "Bob", seq: 1 },
    },
    reset: {
      says: "You missed more than 1,000 entries, or the log is another one: load the history again.",
      example: { type: "reset", seq: 4120, epoch },
    },
    batch: {
      says: 'Frames that belong together, if you sent "batch": true.',
      example: { type: "batch", items: [{ type: "message", ...message }, { type: "deleted", ...change }] },
    },
    room_deleted: {
      says: "The room was deleted. The socket closes with 4410.",
      example: { type: "room_deleted", message: "Room deleted" },
    },
    error: {
      says: "The server refused something. The socket stays open, unless a close code follows.",
      example: { type: "error", content: "Room not found", code: "room_not_found" },
    },
    pong: { says: "The answer to ping.", example: { type: "pong", nonce: "p-1" } },
  }),
  order: [
    "When you join you get connected, then what you missed if you sent after, then users_list.",
    "The others get system and users_list. A name is in the list once, however many sockets it has.",
    "Leaving is announced at once after a clean close (1000, or no code), and after 2 seconds otherwise.",
    "Typing ends by itself after 6 seconds, with a message, and when you leave.",
  ],
};
