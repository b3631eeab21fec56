/**
 * The reference of protocol 5's frames.
 * @module
 */
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { describe, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { appClientFrame, appServerFrame } from "@/lib/protocols/app/schema.ts";

const { room, epoch, message: id } = EXAMPLE, at = Date.parse(EXAMPLE.time);
const alice: Person = { id: EXAMPLE.alice, name: "Alice", guest: false };
const bob: Person = { id: EXAMPLE.bob, name: "Bob", guest: false };
const head: Head = { epoch, seq: 1, posts: 1, at };
const kitchen: Room = {
  id: room,
  name: "kitchen-rota",
  description: "",
  kind: "public",
  archived: false,
  createdAt: at,
  createdBy: alice,
};
const hello: Post = {
  type: "post",
  seq: 1,
  at,
  by: alice,
  content: "Hello!",
  editedAt: null,
  replyTo: null,
  pinned: false,
  reactions: [],
};
const inRoom = { room, nonce: "n-1" };

/** Protocol 5. */
export const appProtocol: SocketProtocol = {
  id: "app",
  title: "5. The web app",
  address: "/ws",
  about: [
    "One socket for everything that a person looks at. It's for this server's own pages, with their cookies. Without a " +
    "name you can only read.",
    "Every request may have a nonce, and gets exactly one ok or error with it.",
  ],
  client: {
    schema: appClientFrame,
    notes: {
      subscribe: {
        says: "Follow a room. With after and its epoch, what you missed comes first.",
        example: { type: "subscribe", ...inRoom, after: 41, epoch },
      },
      unsubscribe: { says: "Stop following a room.", example: { type: "unsubscribe", ...inRoom } },
      post: { says: "Post a message.", example: { type: "post", ...inRoom, content: "Hello!" } },
      edit: { says: "Edit your message.", example: { type: "edit", ...inRoom, id, content: "Hello, all!" } },
      delete: { says: "Delete a message.", example: { type: "delete", ...inRoom, id } },
      react: { says: "Add or remove a reaction.", example: { type: "react", ...inRoom, id, emoji: "👍", on: true } },
      pin: { says: "Pin or unpin a message.", example: { type: "pin", ...inRoom, id, on: true } },
      typing: { says: "Start or stop typing.", example: { type: "typing", room, on: true } },
      read: { says: "Set how far you have read.", example: { type: "read", room, seq: 1 } },
      status: { says: "Set your status.", example: { type: "status", state: "away", text: "Lunch" } },
      ping: { says: "Check that the server answers.", example: { type: "ping", nonce: "p-1" } },
    },
  },
  server: describe(appServerFrame, {
    hello: {
      says: "The first frame: who you are to the server, and the rooms. user is null if you have no name.",
      example: {
        type: "hello",
        user: alice,
        server_time: at,
        version: "0.1.0",
        rooms: [{ room: kitchen, head, online: 2, unread: 0, mentions: 0 }],
      },
    },
    events: {
      says:
        "Entries from seq from on, in order and without a gap: post, edit, delete, react, pin, room and member. Your " +
        "own posts have your nonce.",
      example: { type: "events", room, from: 1, entries: [hello] },
    },
    reset: {
      says:
        "You missed more than 1,000 entries, or the log is another one: load the history again, then go on from head.",
      example: { type: "reset", room, head },
    },
    presence: {
      says: "Who is in the room now, sorted by name.",
      example: { type: "presence", room, users: [alice, { ...bob, status: { state: "away", text: "Lunch" } }] },
    },
    typing: {
      says: "Who is typing, without you; the list is empty when they stop.",
      example: { type: "typing", room, users: ["Bob"] },
    },
    read: { says: "How far someone has read.", example: { type: "read", room, user: bob, seq: 1 } },
    unread: {
      says: "What you haven't read in a room that you don't look at.",
      example: { type: "unread", room, count: 3, mentions: 1 },
    },
    rooms: {
      says: "A room was created, changed or deleted.",
      example: { type: "rooms", event: "created", room: kitchen },
    },
    ok: {
      says: "The request with this nonce is done; for a post, once it is stored.",
      example: { type: "ok", nonce: "n-1", id, seq: 1 },
    },
    error: {
      says: "The request with this nonce was refused. Without a nonce: why the socket closes.",
      example: { type: "error", nonce: "n-1", code: "room_archived", detail: "This room is archived." },
    },
    pong: { says: "The answer to ping.", example: { type: "pong", nonce: "p-1" } },
  }),
  order: [
    "hello comes first. After subscribe comes what you missed, or reset, then presence.",
    "An entry comes in events as for everyone else, before or after the ok of the request that made it.",
  ],
};
