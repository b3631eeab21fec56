/**
 * The endpoints of protocol 3: signing in, and chats between accounts.
 * @module
 */
import { z } from "zod";
import { answer, json, type Operations, withTag } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import {
  activeUsersView,
  chatMessageView,
  chatView,
  grantView,
  listedView,
  registeredView,
  signedInView,
} from "@/lib/protocols/chats/views.ts";
import { accountsQuery, newChat } from "@/lib/protocols/chats/frames.ts";
import { credentials, messagesQuery, newAccount, roomsPage } from "@/lib/protocols/fields.ts";

const Chat = chatView.meta({ id: "Chat" });
const ChatMessage = chatMessageView.meta({ id: "ChatMessage" });

const withBob: z.infer<typeof Chat> = {
  id: EXAMPLE.chat,
  name: null,
  is_group: false,
  participants: [{ id: EXAMPLE.alice, username: "Alice" }, { id: EXAMPLE.bob, username: "Bob" }],
  created_at: EXAMPLE.time,
};

/** The message in the examples. */
export const chatMessageExample: z.infer<typeof ChatMessage> = {
  id: EXAMPLE.chatMessage,
  chat_id: EXAMPLE.chat,
  user_id: EXAMPLE.bob,
  sender_id: EXAMPLE.bob,
  username: "Bob",
  content: "Are you awake?",
  timestamp: EXAMPLE.time,
};

const token = { access_token: EXAMPLE.accessToken, token_type: "bearer", expires_in: 3600 } as const;

/** Accounts and sign-in. */
export const authOperations: Operations = withTag("Chats", {
  "POST /api/auth/register": {
    summary: "Create an account, and sign in",
    who: "anyone",
    body: json("NewAccount", newAccount, {
      account: { username: "Dora", password: "correct horse battery", email: "dora@example.org" },
    }),
    answers: {
      201: answer(
        "The account and an access token, with the cookie of the session.",
        registeredView.meta({ id: "Registered" }),
        {
          id: EXAMPLE.alice,
          username: "Dora",
          email: "dora@example.org",
          created_at: EXAMPLE.time,
          access_token: EXAMPLE.accessToken,
          token_type: "bearer",
        },
      ),
    },
    errors: ["name_taken", "name_registered"],
  },
  "POST /api/auth/login": {
    summary: "Sign in",
    who: "anyone",
    body: {
      schema: credentials.meta({ id: "Credentials" }),
      examples: { alice: { username: "Alice", password: "correct horse battery" } },
      form: true,
    },
    answers: {
      200: answer("An access token, with the cookie of the session.", signedInView.meta({ id: "SignedIn" }), {
        ...token,
        user: { id: EXAMPLE.alice, username: "Alice" },
      }),
    },
    errors: ["sign_in", "forbidden"],
  },
  "POST /api/auth/logout": {
    summary: "Sign out",
    who: "anyone",
    answers: { 204: { description: "You're signed out." } },
  },
  "POST /api/auth/refresh": {
    summary: "Get a new access token for your session",
    who: "accounts",
    answers: { 200: answer("The token.", grantView.meta({ id: "Grant" }), token) },
  },
  "GET /api/auth/users": {
    summary: "List accounts",
    who: "accounts",
    query: accountsQuery,
    answers: {
      200: answer("A page of accounts.", z.array(listedView.meta({ id: "ListedAccount" })), [{
        id: EXAMPLE.bob,
        username: "Bob",
        about: "",
        avatar_url: null,
        created_at: EXAMPLE.time,
        online: true,
      }], ["Link"]),
    },
  },
});

/** Chats. */
export const chatOperations: Operations = withTag("Chats", {
  "GET /api/chats/": {
    summary: "List your chats",
    query: roomsPage,
    answers: { 200: answer("A page of chats.", z.array(Chat), [withBob], ["Link"]) },
  },
  "POST /api/chats/": {
    summary: "Start a chat",
    description:
      "With one other account it's between you two, and there's only one such chat. With more it's a group. " +
      "`participants`, `participant_ids`, `user_ids` and `members` mean the same.",
    body: json("NewChat", newChat, {
      two: { participants: [EXAMPLE.bob] },
      group: { participants: [EXAMPLE.bob], name: "Weekend", is_group: true },
    }),
    answers: {
      201: { description: "The new chat.", schema: Chat, example: withBob, headers: ["Location"], makes: "chat" },
      200: answer("The chat that you two have already.", Chat, withBob, ["Location"]),
    },
  },
  "GET /api/chats/{chat}": {
    summary: "Get a chat",
    answers: { 200: answer("The chat.", Chat, withBob) },
  },
  "GET /api/chats/{chat}/messages": {
    summary: "List messages, oldest first",
    query: messagesQuery,
    answers: { 200: answer("The messages.", z.array(ChatMessage), [chatMessageExample], ["Link"]) },
  },
  "GET /api/chats/{chat}/active-users": {
    summary: "List who is in a chat now",
    answers: {
      200: answer("The people who have it open.", activeUsersView.meta({ id: "ActiveUsers" }), {
        active_users: [{ id: EXAMPLE.bob, username: "Bob" }],
        count: 1,
      }),
    },
  },
}, "accounts");
