/**
 * Protocol 1: rooms, members, invitations and messages.
 * @module
 */
import { z } from "zod";
import type { Answer, Operations } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { invitation, invitationAnswer, member } from "@/lib/protocols/room/people.ts";
import { messageView, roomView } from "@/lib/protocols/room/codec.ts";
import { nonce } from "@/lib/model/schema/ids.ts";
import { messagesQuery } from "@/lib/protocols/fields.ts";
import {
  messagePatch,
  newInvite,
  newMessage,
  newRoom,
  readMark,
  roleChange,
  roomPatch,
  roomsQuery,
} from "@/lib/protocols/room/frames.ts";

const Room = roomView.meta({ id: "Room" });
const Message = messageView.meta({ id: "Message" });
const Member = member.meta({ id: "Member" });
const Invitation = invitation.meta({ id: "Invitation" });
const Done = z.object({ message: z.string() }).meta({ id: "Done" });

const room: z.infer<typeof Room> = {
  id: EXAMPLE.room,
  name: "kitchen-rota",
  description: "Who cooks tonight",
  kind: "public",
  archived: false,
  created_at: EXAMPLE.time,
  created_by: "Alice",
  online: 2,
  messages: 1,
  last_message_at: EXAMPLE.time,
};

const message: z.infer<typeof Message> = {
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
  reactions: [{ emoji: "👍", count: 1, users: ["Bob"], mine: false }],
  attachments: [],
};

const seated: z.infer<typeof Member> = { user_id: EXAMPLE.bob, username: "Bob", role: "member", since: EXAMPLE.time };

const invited: z.infer<typeof Invitation> = {
  code: EXAMPLE.code,
  url: `https://chat.example.org/join/${EXAMPLE.code}`,
  room_id: EXAMPLE.room,
  invited_by: "Alice",
  created_at: EXAMPLE.time,
  expires_at: null,
  uses_left: 10,
};

const theRoom: Answer = { description: "The room.", schema: Room, example: room };
const theMessage: Answer = { description: "The message as it is now.", schema: Message, example: message };

/** Rooms, and who belongs to them. */
export const roomOperations: Operations = {
  "GET /api/chat/rooms": {
    tag: "Rooms",
    summary: "The rooms that one may see",
    who: "guests",
    query: roomsQuery,
    answers: { 200: { description: "A page of them.", schema: z.array(Room), example: [room], headers: ["Link"] } },
  },
  "POST /api/chat/rooms": {
    tag: "Rooms",
    summary: "Make a room",
    description: "Only an account makes private ones, or names members.",
    who: "guests",
    body: {
      schema: newRoom.meta({ id: "NewRoom" }),
      examples: {
        public: { name: "tea-time" },
        private: { name: "surprise", description: "Not a word", kind: "private", members: [EXAMPLE.bob] },
      },
    },
    answers: { 201: { ...theRoom, headers: ["Location"], makes: "room" } },
    errors: ["name_taken"],
  },
  "GET /api/chat/rooms/{room}": {
    tag: "Rooms",
    summary: "One room",
    who: "guests",
    answers: { 200: theRoom },
    errors: ["room_not_found"],
  },
  "PATCH /api/chat/rooms/{room}": {
    tag: "Rooms",
    summary: "Rename, describe, archive or reopen a room",
    who: "guests",
    body: {
      schema: roomPatch.meta({ id: "RoomPatch" }),
      examples: { rename: { name: "kitchen" }, archive: { archived: true } },
    },
    answers: { 200: theRoom },
    errors: ["room_not_found", "room_archived", "name_taken"],
  },
  "DELETE /api/chat/rooms/{room}": {
    tag: "Rooms",
    summary: "Delete a room with everything in it",
    who: "guests",
    answers: { 200: { description: "It is gone.", schema: Done, example: { message: "Room deleted" } } },
    errors: ["room_not_found"],
  },
  "PUT /api/chat/rooms/{room}/read": {
    tag: "Rooms",
    summary: "Say how far one has read",
    who: "accounts",
    body: { schema: readMark.meta({ id: "ReadMark" }), examples: { first: { seq: 1 } } },
    answers: { 204: { description: "It is noted." } },
    errors: ["room_not_found"],
  },
  "GET /api/chat/rooms/{room}/members": {
    tag: "Rooms",
    summary: "Who belongs to a room",
    who: "guests",
    answers: { 200: { description: "Its members.", schema: z.array(Member), example: [seated] } },
    errors: ["room_not_found"],
  },
  "PUT /api/chat/rooms/{room}/members/{account}": {
    tag: "Rooms",
    summary: "Give somebody a role in a room, or join it",
    who: "accounts",
    body: { schema: roleChange.meta({ id: "Seating" }), examples: { moderator: { role: "moderator" } } },
    answers: { 200: { description: "The member.", schema: Member, example: { ...seated, role: "moderator" } } },
    errors: ["room_not_found", "not_found"],
  },
  "DELETE /api/chat/rooms/{room}/members/{account}": {
    tag: "Rooms",
    summary: "Take somebody out of a room, or leave it",
    who: "accounts",
    answers: { 204: { description: "They belong to it no more." } },
    errors: ["room_not_found", "not_found"],
  },
  "GET /api/chat/rooms/{room}/invites": {
    tag: "Rooms",
    summary: "The links into a room",
    who: "accounts",
    answers: { 200: { description: "Those that still lead in.", schema: z.array(Invitation), example: [invited] } },
    errors: ["room_not_found"],
  },
  "POST /api/chat/rooms/{room}/invites": {
    tag: "Rooms",
    summary: "Make a link into a room",
    who: "accounts",
    body: {
      schema: newInvite.meta({ id: "NewInvitation" }),
      examples: { forever: {}, today: { expires_in: 86_400, uses: 10 } },
    },
    answers: { 201: { description: "The link.", schema: Invitation, example: invited } },
    errors: ["room_not_found"],
  },
  "DELETE /api/chat/rooms/{room}/invites/{code}": {
    tag: "Rooms",
    summary: "End a link",
    who: "accounts",
    answers: { 204: { description: "It leads nowhere now." } },
    errors: ["room_not_found", "not_found"],
  },
  "GET /api/chat/invites/{code}": {
    tag: "Rooms",
    summary: "Where a link leads",
    who: "guests",
    answers: {
      200: {
        description: "What one may know before following it.",
        schema: invitationAnswer.meta({ id: "InvitationTeaser" }),
        example: { room_name: "kitchen-rota", invited_by: "Alice", expires_at: null },
      },
    },
    errors: ["not_found"],
  },
  "POST /api/chat/invites/{code}": {
    tag: "Rooms",
    summary: "Follow a link into its room",
    who: "accounts",
    answers: { 200: theRoom },
    errors: ["not_found", "room_not_found"],
  },
};

/** What is said in rooms. */
export const messageOperations: Operations = {
  "GET /api/chat/rooms/{room}/messages": {
    tag: "Messages",
    summary: "A page of a room's history, oldest first",
    description: "The newest, or those before, after or around a message's id.",
    who: "guests",
    query: messagesQuery,
    answers: {
      200: { description: "The messages.", schema: z.array(Message), example: [message], headers: ["Link"] },
    },
    errors: ["room_not_found"],
  },
  "POST /api/chat/rooms/{room}/messages": {
    tag: "Messages",
    summary: "Say something",
    description: "A guest gives `username` with it, or has a name already by a cookie. The same `nonce` again is " +
      "answered with the first message.",
    who: "guests",
    headers: { "Idempotency-Key": { description: "The same as `nonce`.", schema: nonce.optional() } },
    body: {
      schema: newMessage.meta({ id: "NewMessage" }),
      examples: {
        account: { content: "Hello!", nonce: "n-1" },
        guest: { content: "Hello!", username: "Carol" },
        answer: { content: "Hello yourself!", reply_to: EXAMPLE.message },
      },
    },
    answers: {
      201: { ...theMessage, headers: ["Location"], makes: "id" },
      200: { ...theMessage, description: "The message that this nonce made before.", headers: ["Location"] },
    },
    errors: ["room_not_found", "room_archived", "message_not_found", "message_deleted", "name_registered"],
  },
  "GET /api/chat/messages/{id}": {
    tag: "Messages",
    summary: "One message",
    who: "guests",
    answers: { 200: theMessage },
    errors: ["message_not_found"],
  },
  "PATCH /api/chat/messages/{id}": {
    tag: "Messages",
    summary: "Edit a message",
    who: "guests",
    body: { schema: messagePatch.meta({ id: "MessagePatch" }), examples: { correction: { content: "Hello, all!" } } },
    answers: { 200: theMessage },
    errors: ["message_not_found", "room_archived"],
  },
  "DELETE /api/chat/messages/{id}": {
    tag: "Messages",
    summary: "Delete a message",
    who: "guests",
    answers: { 200: { description: "It is gone.", schema: Done, example: { message: "Message deleted" } } },
    errors: ["message_not_found", "room_archived"],
  },
  ...bothWays("reactions/{emoji}", "Add an emoji to a message", "Withdraw an emoji"),
  ...bothWays("pin", "Pin a message", "Unpin a message"),
  "GET /api/chat/messages/{id}/thread": {
    tag: "Messages",
    summary: "The answers to a message, oldest first",
    who: "guests",
    answers: { 200: { description: "The messages.", schema: z.array(Message), example: [message] } },
    errors: ["message_not_found"],
  },
};

/** Something that is put on a message and taken off again. */
function bothWays(what: string, on: string, off: string): Operations {
  const both = {
    tag: "Messages",
    who: "guests",
    answers: { 200: theMessage },
    errors: ["message_not_found", "room_archived"],
  } as const;
  return {
    [`PUT /api/chat/messages/{id}/${what}`]: { ...both, summary: on },
    [`DELETE /api/chat/messages/{id}/${what}`]: { ...both, summary: off },
  };
}
