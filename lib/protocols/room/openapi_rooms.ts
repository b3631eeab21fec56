/**
 * The endpoints of protocol 1 about rooms, members, invite links and messages.
 * @module
 */
import { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import { type Answer, answer, json, type Operations, withTag } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import {
  doneView,
  invitePreview,
  inviteView,
  memberView,
  readMessageView,
  roomView,
} from "@/lib/protocols/room/views.ts";
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
const Message = readMessageView.meta({ id: "Message" });
const Member = memberView.meta({ id: "Member" });
const Invite = inviteView.meta({ id: "Invite" });
const Done = doneView.meta({ id: "Done" });

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

/** The message in the examples. */
export const messageExample: Immutable<z.infer<typeof Message>> = {
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

const membership: z.infer<typeof Member> = {
  user_id: EXAMPLE.bob,
  username: "Bob",
  role: "member",
  since: EXAMPLE.time,
};

const invite: z.infer<typeof Invite> = {
  code: EXAMPLE.code,
  url: `https://chat.example.org/join/${EXAMPLE.code}`,
  room_id: EXAMPLE.room,
  invited_by: "Alice",
  created_at: EXAMPLE.time,
  expires_at: null,
  uses_left: 10,
};

const theRoom: Answer = answer("The room.", Room, room);
const theMessage: Answer = answer("The message as it is now.", Message, messageExample);

/** Rooms, and who belongs to them. */
export const roomOperations: Operations = withTag("Rooms", {
  "GET /api/chat/rooms": {
    summary: "List the rooms that you can see",
    query: roomsQuery,
    answers: { 200: answer("A page of rooms.", z.array(Room), [room], ["Link"]) },
  },
  "POST /api/chat/rooms": {
    summary: "Create a room",
    description: "Private rooms, and rooms with members, need an account.",
    body: json("NewRoom", newRoom, {
      public: { name: "tea-time" },
      private: { name: "surprise", description: "Not a word", kind: "private", members: [EXAMPLE.bob] },
    }),
    answers: { 201: { ...theRoom, headers: ["Location"], makes: "room" } },
    errors: ["name_taken"],
  },
  "GET /api/chat/rooms/{room}": { summary: "Get a room", answers: { 200: theRoom } },
  "PATCH /api/chat/rooms/{room}": {
    summary: "Rename, describe, archive or reopen a room",
    body: json("RoomPatch", roomPatch, { rename: { name: "kitchen" }, archive: { archived: true } }),
    answers: { 200: theRoom },
    errors: ["room_archived", "name_taken"],
  },
  "DELETE /api/chat/rooms/{room}": {
    summary: "Delete a room and everything in it",
    answers: { 200: answer("It's deleted.", Done, { message: "Room deleted" }) },
  },
  "PUT /api/chat/rooms/{room}/read": {
    summary: "Mark a room as read",
    who: "accounts",
    body: json("ReadMark", readMark, { first: { seq: 1 } }),
    answers: { 204: { description: "It's marked." } },
  },
  "GET /api/chat/rooms/{room}/members": {
    summary: "List the members of a room",
    answers: { 200: answer("The members.", z.array(Member), [membership]) },
  },
  "PUT /api/chat/rooms/{room}/members/{account}": {
    summary: "Set a member's role, or join a room",
    who: "accounts",
    body: json("RoleChange", roleChange, { moderator: { role: "moderator" } }),
    answers: { 200: answer("The member.", Member, { ...membership, role: "moderator" }) },
  },
  "DELETE /api/chat/rooms/{room}/members/{account}": {
    summary: "Remove a member, or leave a room",
    who: "accounts",
    answers: { 204: { description: "They're no longer a member." } },
  },
  "GET /api/chat/rooms/{room}/invites": {
    summary: "List the invite links of a room",
    who: "accounts",
    answers: { 200: answer("The links that still work.", z.array(Invite), [invite]) },
  },
  "POST /api/chat/rooms/{room}/invites": {
    summary: "Create an invite link",
    who: "accounts",
    body: json("NewInvite", newInvite, { forever: {}, today: { expires_in: 86_400, uses: 10 } }),
    answers: { 201: answer("The link.", Invite, invite) },
  },
  "DELETE /api/chat/rooms/{room}/invites/{code}": {
    summary: "Revoke an invite link",
    who: "accounts",
    answers: { 204: { description: "It's revoked." } },
  },
  "GET /api/chat/invites/{code}": {
    summary: "Look at an invite link",
    answers: {
      200: answer("The room, and who invites you.", invitePreview.meta({ id: "InvitePreview" }), {
        room_name: "kitchen-rota",
        invited_by: "Alice",
        expires_at: null,
      }),
    },
  },
  "POST /api/chat/invites/{code}": {
    summary: "Join a room by an invite link",
    who: "accounts",
    answers: { 200: theRoom },
    errors: ["room_not_found"],
  },
});

/** Messages. */
export const messageOperations: Operations = withTag("Messages", {
  "GET /api/chat/rooms/{room}/messages": {
    summary: "List messages, oldest first",
    description: "The newest, or the ones before, after or around a message.",
    query: messagesQuery,
    answers: { 200: answer("The messages.", z.array(Message), [messageExample], ["Link"]) },
  },
  "POST /api/chat/rooms/{room}/messages": {
    summary: "Post a message",
    description: "A guest adds `username`, or has a name from the cookie. If you send the same `nonce` again, you " +
      "get the first message.",
    headers: { "Idempotency-Key": { description: "Another way to send `nonce`.", schema: nonce.optional() } },
    body: json("NewMessage", newMessage, {
      account: { content: "Hello!", nonce: "n-1" },
      guest: { content: "Hello!", username: "Carol" },
      reply: { content: "Hello yourself!", reply_to: EXAMPLE.message },
    }),
    answers: {
      201: { ...theMessage, headers: ["Location"], makes: "id" },
      200: { ...theMessage, description: "The message that was posted with this nonce before.", headers: ["Location"] },
    },
    errors: ["room_archived", "message_not_found", "message_deleted", "name_registered"],
  },
  "GET /api/chat/messages/{id}": { summary: "Get a message", answers: { 200: theMessage } },
  "PATCH /api/chat/messages/{id}": {
    summary: "Edit a message",
    body: json("MessagePatch", messagePatch, { correction: { content: "Hello, all!" } }),
    answers: { 200: theMessage },
    errors: ["room_archived"],
  },
  "DELETE /api/chat/messages/{id}": {
    summary: "Delete a message",
    answers: { 200: answer("It's deleted.", Done, { message: "Message deleted" }) },
    errors: ["room_archived"],
  },
  ...bothWays("reactions/{emoji}", "Add a reaction", "Remove a reaction"),
  ...bothWays("pin", "Pin a message", "Unpin a message"),
  "GET /api/chat/messages/{id}/thread": {
    summary: "List the replies to a message, oldest first",
    answers: { 200: answer("The messages.", z.array(Message), [messageExample]) },
  },
});

/** The two operations on something that a message has or has not. */
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
