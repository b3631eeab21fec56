/**
 * The endpoints of protocol 1 about the caller and other people.
 * @module
 */
import { z } from "zod";
import { type Answer, answer, json, type Operations, withTag } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { meView, newTokenView, profileView, sessionView, unreadView } from "@/lib/protocols/room/views.ts";
import { accountDeletion, newToken, passwordChange, personPatch, profilePatch } from "@/lib/protocols/room/frames.ts";

const Me = meView.meta({ id: "Me" });
const Profile = profileView.meta({ id: "Profile" });
const Session = sessionView.meta({ id: "Session" });

const self: z.infer<typeof Me> = {
  id: EXAMPLE.alice,
  username: "Alice",
  guest: false,
  admin: false,
  scopes: null,
  email: "alice@example.org",
  about: "Early bird",
  avatar_url: null,
  created_at: EXAMPLE.time,
};

const person: z.infer<typeof Profile> = {
  id: EXAMPLE.bob,
  username: "Bob",
  about: "",
  avatar_url: `/files/${EXAMPLE.picture}`,
  created_at: EXAMPLE.time,
};

const signedIn: z.infer<typeof Session> = {
  id: EXAMPLE.session,
  kind: "token",
  label: "Backup script",
  scopes: ["read"],
  current: false,
  created_at: EXAMPLE.time,
  last_used_at: EXAMPLE.time,
  expires_at: null,
};

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const theProfile: Answer = answer("The person.", Profile, person);
const nothing = (description: string): Answer => ({ description });

/** The caller, their sessions and tokens, and other people. */
export const meOperations: Operations = withTag("Me", {
  "GET /api/chat/me": {
    summary: "Get your account",
    answers: { 200: answer("You, as an account or a guest.", Me, self) },
  },
  "PATCH /api/chat/me": {
    summary: "Edit your profile",
    body: json("ProfilePatch", profilePatch, {
      words: { about: "Early bird" },
      address: { email: "alice@example.org" },
    }),
    answers: { 200: answer("You.", Me, self) },
  },
  "DELETE /api/chat/me": {
    summary: "Delete your account",
    body: json("AccountDeletion", accountDeletion, {
      everything: { password: "correct horse battery", delete_messages: true },
    }),
    answers: { 204: nothing("Your account and its sessions are deleted.") },
    errors: ["wrong_password"],
  },
  "POST /api/chat/me/password": {
    summary: "Change your password",
    description: "You're signed out everywhere else.",
    body: json("PasswordChange", passwordChange, {
      another: { old_password: "correct horse battery", password: "staple the moon" },
    }),
    answers: { 204: nothing("Password changed.") },
    errors: ["wrong_password"],
  },
  "PUT /api/chat/me/avatar": {
    summary: "Upload your picture",
    bytes: PICTURES,
    answers: { 200: theProfile },
  },
  "DELETE /api/chat/me/avatar": {
    summary: "Remove your picture",
    answers: { 200: { ...theProfile, example: { ...person, avatar_url: null } } },
  },
  "GET /files/{file}": {
    summary: "Get a picture",
    who: "guests",
    answers: { 200: { description: "The picture. It never changes.", bytes: PICTURES } },
  },
  "GET /api/chat/me/unread": {
    summary: "List unread messages by room",
    answers: {
      200: answer("The rooms that you follow.", z.array(unreadView.meta({ id: "Unread" })), [{
        room_id: EXAMPLE.room,
        name: "kitchen-rota",
        unread: 3,
        mentions: 1,
      }]),
    },
  },
  "GET /api/chat/me/export": {
    summary: "Export your data",
    answers: {
      200: {
        description: "One JSON object per line: your account, sessions, rooms and messages.",
        bytes: ["application/jsonl"],
      },
    },
  },
  "GET /api/chat/me/sessions": {
    summary: "List your sessions and tokens",
    answers: { 200: answer("The sessions.", z.array(Session), [signedIn]) },
  },
  "DELETE /api/chat/me/sessions": {
    summary: "Sign out all other sessions",
    answers: { 204: nothing("They're signed out.") },
  },
  "DELETE /api/chat/me/sessions/{session}": {
    summary: "Sign out a session, or revoke a token",
    answers: { 204: nothing("It's signed out.") },
  },
  "POST /api/chat/me/tokens": {
    summary: "Create a token",
    body: json("NewToken", newToken, { reader: { label: "Backup script", scopes: ["read"], expires_in: 2_592_000 } }),
    answers: {
      201: answer("The token. You won't see it again.", newTokenView.meta({ id: "Token" }), {
        ...signedIn,
        token: "hub_6nR2vXq8sTz1c7bQfW0uYl2mKd9pEj4h",
      }),
    },
  },
  "GET /api/chat/people/{person}": { summary: "Get a profile", who: "guests", answers: { 200: theProfile } },
  "PATCH /api/chat/people/{person}": {
    summary: "Disable an account, or make it an admin",
    description: "For admins.",
    body: json("PersonPatch", personPatch, { disable: { disabled: true }, appoint: { admin: true } }),
    answers: { 200: theProfile },
  },
}, "accounts");
