/**
 * Protocol 3: accounts, and conversations between them.
 * @module
 */
import { z } from "zod";
import type { Operations } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { grant, listed, loggedIn, registered } from "@/lib/protocols/chats/accounts.ts";
import { activeUsers, chat, chatMessage } from "@/lib/protocols/chats/codec.ts";
import { accountsQuery, newChat } from "@/lib/protocols/chats/frames.ts";
import { credentials, messagesQuery, newAccount, roomsPage } from "@/lib/protocols/fields.ts";

const Chat = chat.meta({ id: "Chat" });
const ChatMessage = chatMessage.meta({ id: "ChatMessage" });

const withBob: z.infer<typeof Chat> = {
  id: EXAMPLE.chat,
  name: null,
  is_group: false,
  participants: [{ id: EXAMPLE.alice, username: "Alice" }, { id: EXAMPLE.bob, username: "Bob" }],
  created_at: EXAMPLE.time,
};

const message: z.infer<typeof ChatMessage> = {
  id: EXAMPLE.chatMessage,
  chat_id: EXAMPLE.chat,
  user_id: EXAMPLE.bob,
  sender_id: EXAMPLE.bob,
  username: "Bob",
  content: "Are you awake?",
  timestamp: EXAMPLE.time,
};

const token = { access_token: EXAMPLE.accessToken, token_type: "bearer", expires_in: 3600 } as const;

/** Getting an account, and signing in with it. */
export const authOperations: Operations = {
  "POST /api/auth/register": {
    tag: "Chats",
    summary: "Make an account, and sign in",
    who: "anybody",
    body: {
      schema: newAccount.meta({ id: "NewAccount" }),
      examples: { account: { username: "Dora", password: "correct horse battery", email: "dora@example.org" } },
    },
    answers: {
      201: {
        description: "The account, with an access token; the cookie of its session comes with it.",
        schema: registered.meta({ id: "Registered" }),
        example: {
          id: EXAMPLE.alice,
          username: "Dora",
          email: "dora@example.org",
          created_at: EXAMPLE.time,
          access_token: EXAMPLE.accessToken,
          token_type: "bearer",
        },
      },
    },
    errors: ["name_taken", "name_registered"],
  },
  "POST /api/auth/login": {
    tag: "Chats",
    summary: "Sign in",
    who: "anybody",
    body: {
      schema: credentials.meta({ id: "Credentials" }),
      examples: { alice: { username: "Alice", password: "correct horse battery" } },
      form: true,
    },
    answers: {
      200: {
        description: "An access token; the cookie of the session comes with it.",
        schema: loggedIn.meta({ id: "LoggedIn" }),
        example: { ...token, user: { id: EXAMPLE.alice, username: "Alice" } },
      },
    },
    errors: ["sign_in", "forbidden"],
  },
  "POST /api/auth/logout": {
    tag: "Chats",
    summary: "End the session that asks",
    who: "anybody",
    answers: { 204: { description: "It is ended, if there was one." } },
  },
  "POST /api/auth/refresh": {
    tag: "Chats",
    summary: "Another access token for the session that asks",
    who: "accounts",
    answers: { 200: { description: "The token.", schema: grant.meta({ id: "Grant" }), example: token } },
  },
  "GET /api/auth/users": {
    tag: "Chats",
    summary: "Everybody who has an account",
    who: "accounts",
    query: accountsQuery,
    answers: {
      200: {
        description: "A page of them.",
        schema: z.array(listed.meta({ id: "ListedAccount" })),
        example: [{
          id: EXAMPLE.bob,
          username: "Bob",
          about: "",
          avatar_url: null,
          created_at: EXAMPLE.time,
          online: true,
        }],
        headers: ["Link"],
      },
    },
  },
};

/** Conversations. */
export const chatOperations: Operations = {
  "GET /api/chats/": {
    tag: "Chats",
    summary: "The chats that one is in",
    who: "accounts",
    query: roomsPage,
    answers: { 200: { description: "A page of them.", schema: z.array(Chat), example: [withBob], headers: ["Link"] } },
  },
  "POST /api/chats/": {
    tag: "Chats",
    summary: "Begin a chat",
    description: "With one other account it is between the two, and there is one of these only. With more it is a " +
      "group. `participants`, `participant_ids`, `user_ids` and `members` mean the same.",
    who: "accounts",
    body: {
      schema: newChat.meta({ id: "NewChat" }),
      examples: {
        two: { participants: [EXAMPLE.bob] },
        group: { participants: [EXAMPLE.bob], name: "Weekend", is_group: true },
      },
    },
    answers: {
      201: { description: "The new chat.", schema: Chat, example: withBob, headers: ["Location"], makes: "chat" },
      200: { description: "The chat that the two have.", schema: Chat, example: withBob, headers: ["Location"] },
    },
  },
  "GET /api/chats/{chat}": {
    tag: "Chats",
    summary: "One chat, for those who are in it",
    who: "accounts",
    answers: { 200: { description: "The chat.", schema: Chat, example: withBob } },
    errors: ["room_not_found"],
  },
  "GET /api/chats/{chat}/messages": {
    tag: "Chats",
    summary: "A page of what was said, oldest first",
    who: "accounts",
    query: messagesQuery,
    answers: {
      200: { description: "The messages.", schema: z.array(ChatMessage), example: [message], headers: ["Link"] },
    },
    errors: ["room_not_found"],
  },
  "GET /api/chats/{chat}/active-users": {
    tag: "Chats",
    summary: "Who is in the chat now",
    who: "accounts",
    answers: {
      200: {
        description: "Those who have it open.",
        schema: activeUsers.meta({ id: "ActiveUsers" }),
        example: { active_users: [{ id: EXAMPLE.bob, username: "Bob" }], count: 1 },
      },
    },
    errors: ["room_not_found"],
  },
};
