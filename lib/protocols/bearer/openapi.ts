/**
 * The endpoints of protocol 4: accounts, tokens and messages.
 * @module
 */
import { z } from "zod";
import { answer, json, type Operation, type Operations, withTag } from "@/lib/protocols/operation.ts";
import { EXAMPLE, OBJECT_ID } from "@/lib/protocols/parameters.ts";
import { bearerAccountView, bearerMessageView } from "@/lib/protocols/bearer/views.ts";
import { bearerView } from "@/lib/protocols/chats/views.ts";
import { newestQuery } from "@/lib/protocols/bearer/frames.ts";
import { credentials, newAccount } from "@/lib/protocols/fields.ts";
import { doneView } from "@/lib/protocols/room/views.ts";

/** A message id as this protocol writes it: a safe integer in 24 hex digits. */
const ObjectId = z.string().regex(/^0{11}[01][0-9a-fA-F]{12}$/);

/** The message in the examples. */
export const bearerMessageExample: z.infer<typeof bearerMessageView> = {
  _id: OBJECT_ID,
  user_id: EXAMPLE.alice,
  username: "Alice",
  content: "Hello!",
  room: "kitchen-rota",
  created_at: EXAMPLE.time,
};

const token: Operation = {
  tag: "Bearer",
  summary: "Get an access token",
  description: "With a name and a password, as an OAuth 2 form (RFC 6749, 4.3) or as JSON.",
  who: "anyone",
  body: {
    schema: credentials.meta({ id: "Credentials" }),
    examples: { alice: { username: "Alice", password: "correct horse battery" } },
    form: true,
  },
  answers: {
    200: answer("The token.", bearerView.meta({ id: "BearerToken" }), {
      access_token: EXAMPLE.accessToken,
      token_type: "bearer",
    }),
  },
  errors: ["sign_in", "forbidden"],
};

/** Accounts, tokens and messages. */
export const bearerOperations: Operations = withTag("Bearer", {
  "POST /users/": {
    summary: "Create an account",
    who: "anyone",
    body: json("NewAccount", newAccount, { account: { username: "Emil", password: "correct horse battery" } }),
    answers: {
      201: answer("The account.", bearerAccountView.meta({ id: "BearerAccount" }), {
        _id: EXAMPLE.alice,
        id: EXAMPLE.alice,
        username: "Emil",
        email: null,
        disabled: false,
        created_at: EXAMPLE.time,
      }),
    },
    errors: ["name_taken", "name_registered"],
  },
  "POST /token": token,
  "POST /auth/login": token,
  "GET /chat/messages/{target}": {
    summary: "List the newest messages of a room, oldest first",
    who: "accounts",
    query: newestQuery,
    answers: {
      200: answer("The messages.", z.array(bearerMessageView.meta({ id: "BearerMessage" })), [bearerMessageExample]),
    },
  },
  "DELETE /chat/messages/{target}": {
    summary: "Delete a message",
    who: "accounts",
    path: {
      target: { description: "The message's `_id`.", schema: ObjectId, example: OBJECT_ID, error: "message_not_found" },
    },
    answers: { 200: answer("It's deleted.", doneView.meta({ id: "Done" }), { message: "Message deleted" }) },
    errors: ["room_archived"],
  },
});
