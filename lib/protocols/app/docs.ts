/**
 * The frames of protocol 5.
 * @module
 */
import { z } from "zod";
import { entry } from "@/lib/model/schema/entry.ts";
import { person, present } from "@/lib/model/schema/person.ts";
import { head as log, room } from "@/lib/model/schema/room.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { note, type ServerFrameNote, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import { appFrame } from "@/lib/protocols/app/schema.ts";

/** A note on each frame that {@link ServerFrame} knows. */
type Notes = { readonly [T in ServerFrame["type"]]: ServerFrameNote };

const AT = Date.parse(EXAMPLE.time);
const alice: Person = { id: EXAMPLE.alice, name: "Alice", guest: false };
const bob: Person = { id: EXAMPLE.bob, name: "Bob", guest: false };
const head: Head = { epoch: EXAMPLE.epoch, seq: 1, posts: 1, at: AT };
const place: Room = {
  id: EXAMPLE.room,
  name: "kitchen-rota",
  description: "",
  kind: "public",
  archived: false,
  createdAt: AT,
  createdBy: alice,
};
const hello: Post = {
  type: "post",
  seq: 1,
  at: AT,
  by: alice,
  content: "Hello!",
  editedAt: null,
  replyTo: null,
  pinned: false,
  reactions: [],
};

const count = z.int().min(0);
const time = z.int().meta({ description: "milliseconds since 1970" });
const server: Notes = {
  hello: note(
    "The first frame: who the socket is taken for, and the rooms. user is null for somebody without a name.",
    z.object({
      type: z.literal("hello"),
      user: person.nullable(),
      server_time: time,
      version: z.string(),
      rooms: z.array(z.object({ room, head: log, online: count, unread: count, mentions: count })),
    }),
    {
      type: "hello",
      user: alice,
      server_time: AT,
      version: "0.1.0",
      rooms: [{ room: place, head, online: 2, unread: 0, mentions: 0 }],
    },
  ),
  events: note(
    "Entries from seq from on, without a gap and in order: post, edit, delete, react, pin, room and member.",
    z.object({ type: z.literal("events"), room: z.int(), from: z.int(), entries: z.array(entry) }),
    { type: "events", room: EXAMPLE.room, from: 1, entries: [hello] },
  ),
  reset: note(
    "What was missed is too much, gone, or of another epoch: load the history anew, then go on from head.",
    z.object({ type: z.literal("reset"), room: z.int(), head: log }),
    { type: "reset", room: EXAMPLE.room, head },
  ),
  presence: note(
    "Who is in the room now, sorted by name.",
    z.object({
      type: z.literal("presence"),
      room: z.int(),
      users: z.array(present),
    }),
    { type: "presence", room: EXAMPLE.room, users: [alice, { ...bob, status: { state: "away", text: "Lunch" } }] },
  ),
  typing: note(
    "Who types, never oneself; an empty list when it ends.",
    z.object({ type: z.literal("typing"), room: z.int(), users: z.array(z.string()) }),
    { type: "typing", room: EXAMPLE.room, users: ["Bob"] },
  ),
  read: note(
    "Somebody has read up to seq.",
    z.object({ type: z.literal("read"), room: z.int(), user: person, seq: count }),
    { type: "read", room: EXAMPLE.room, user: bob, seq: 1 },
  ),
  unread: note(
    "What the account has not read in a room where it is not looking.",
    z.object({ type: z.literal("unread"), room: z.int(), count, mentions: count }),
    { type: "unread", room: EXAMPLE.room, count: 3, mentions: 1 },
  ),
  rooms: note(
    "A room came, changed, or went.",
    z.object({ type: z.literal("rooms"), event: z.enum(["created", "changed", "deleted"]), room }),
    { type: "rooms", event: "created", room: place },
  ),
  ok: note(
    "The request with this nonce was done; for a post, after its commit.",
    z.object({ type: z.literal("ok"), nonce: z.string(), id: z.int().optional(), seq: count.optional() }),
    { type: "ok", nonce: "n-1", id: EXAMPLE.message, seq: 1 },
  ),
  error: note(
    "The request with this nonce was refused; without one, the socket's last words.",
    z.object({
      type: z.literal("error"),
      nonce: z.string().optional(),
      code: z.string(),
      detail: z.string(),
      retry_after: z.number().optional().meta({ description: "seconds" }),
    }),
    { type: "error", nonce: "n-1", code: "room_archived", detail: "This room is archived." },
  ),
  pong: note("The answer to ping.", z.object({ type: z.literal("pong"), nonce: z.string().optional() }), {
    type: "pong",
    nonce: "p-1",
  }),
};

const inRoom = { room: EXAMPLE.room, nonce: "n-1" };

/** Protocol 5. */
export const appProtocol: SocketProtocol = {
  id: "app",
  title: "5. The web app",
  address: "/ws",
  about: [
    "One socket for everything that a person looks at. It is for this server's own pages: with their cookies, or without " +
    "a name to look only.",
    "Every request may have a nonce, and gets exactly one ok or error with it.",
  ],
  client: {
    schema: appFrame,
    frames: {
      subscribe: {
        says: "Follow a room; with after and its epoch, what was missed comes first.",
        example: { type: "subscribe", ...inRoom, after: 41, epoch: EXAMPLE.epoch },
      },
      unsubscribe: { says: "Follow it no more.", example: { type: "unsubscribe", ...inRoom } },
      post: { says: "Say something.", example: { type: "post", ...inRoom, content: "Hello!" } },
      edit: {
        says: "Edit one's message.",
        example: { type: "edit", ...inRoom, id: EXAMPLE.message, content: "Hello, all!" },
      },
      delete: { says: "Delete a message.", example: { type: "delete", ...inRoom, id: EXAMPLE.message } },
      react: {
        says: "Add an emoji to a message, or withdraw it.",
        example: { type: "react", ...inRoom, id: EXAMPLE.message, emoji: "👍", on: true },
      },
      pin: {
        says: "Pin a message, or unpin it.",
        example: { type: "pin", ...inRoom, id: EXAMPLE.message, on: true },
      },
      typing: { says: "Begin to type, or stop.", example: { type: "typing", room: EXAMPLE.room, on: true } },
      read: { says: "Say how far one has read.", example: { type: "read", room: EXAMPLE.room, seq: 1 } },
      status: { says: "Say how one is.", example: { type: "status", state: "away", text: "Lunch" } },
      ping: { says: "Ask for a sign of life.", example: { type: "ping", nonce: "p-1" } },
    },
  },
  server,
  order: [
    "hello comes first. After subscribe comes what was missed, or reset, then presence.",
    "An entry comes in events like everybody else's, before or after the ok of the request that made it.",
  ],
};
