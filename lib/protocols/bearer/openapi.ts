/**
 * Protocol 4: rooms by their names, for programs that hold a token.
 * @module
 */
import { z } from "zod";
import type { Operation, Operations } from "@/lib/protocols/operation.ts";
import { EXAMPLE, OBJECT_ID } from "@/lib/protocols/parameters.ts";
import { bearer } from "@/lib/protocols/chats/accounts.ts";
import { bearerAccount, bearerMessage } from "@/lib/protocols/bearer/codec.ts";
import { newestQuery } from "@/lib/protocols/bearer/frames.ts";
import { credentials, newAccount } from "@/lib/protocols/fields.ts";

/** What holds a safe integer that is a message's id. */
const ObjectId = z.string().regex(/^0{11}[01][0-9a-fA-F]{12}$/);

const token: Operation = {
  tag: "Bearer",
  summary: "An access token for a name and a password",
  description: "As OAuth 2 asks for it (RFC 6749, 4.3), or as JSON.",
  who: "anybody",
  body: {
    schema: credentials.meta({ id: "Credentials" }),
    examples: { alice: { username: "Alice", password: "correct horse battery" } },
    form: true,
  },
  answers: {
    200: {
      description: "The token.",
      schema: bearer.meta({ id: "BearerToken" }),
      example: { access_token: EXAMPLE.accessToken, token_type: "bearer" },
    },
  },
  errors: ["sign_in", "forbidden"],
};

/** Accounts, tokens and messages. */
export const bearerOperations: Operations = {
  "POST /users/": {
    tag: "Bearer",
    summary: "Make an account",
    who: "anybody",
    body: {
      schema: newAccount.meta({ id: "NewAccount" }),
      examples: { account: { username: "Emil", password: "correct horse battery" } },
    },
    answers: {
      201: {
        description: "The account.",
        schema: bearerAccount.meta({ id: "BearerAccount" }),
        example: {
          _id: EXAMPLE.alice,
          id: EXAMPLE.alice,
          username: "Emil",
          email: null,
          disabled: false,
          created_at: EXAMPLE.time,
        },
      },
    },
    errors: ["name_taken", "name_registered"],
  },
  "POST /token": token,
  "POST /auth/login": token,
  "GET /chat/messages/{target}": {
    tag: "Bearer",
    summary: "A room's newest messages, oldest first",
    who: "accounts",
    query: newestQuery,
    answers: {
      200: {
        description: "The messages.",
        schema: z.array(bearerMessage.meta({ id: "BearerMessage" })),
        example: [{
          _id: OBJECT_ID,
          user_id: EXAMPLE.alice,
          username: "Alice",
          content: "Hello!",
          room: "kitchen-rota",
          created_at: EXAMPLE.time,
        }],
      },
    },
    errors: ["room_not_found"],
  },
  "DELETE /chat/messages/{target}": {
    tag: "Bearer",
    summary: "Delete a message",
    who: "accounts",
    path: { target: { description: "The message's `_id`.", schema: ObjectId, example: OBJECT_ID } },
    answers: {
      200: {
        description: "It is gone.",
        schema: z.object({ message: z.string() }).meta({ id: "Deleted" }),
        example: { message: "Message deleted" },
      },
    },
    errors: ["message_not_found", "room_archived"],
  },
};
