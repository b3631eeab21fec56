/**
 * The endpoints of protocol 1 about the caller and other people.
 * @module
 */
import { z } from "zod";
import { type Answer, type Operations, withTag } from "@/lib/protocols/operation.ts";
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
const theProfile: Answer = { description: "The person.", schema: Profile, example: person };
const nothing = (description: string): Answer => ({ description });

/** The caller, their sessions and tokens, and other people. */
export const meOperations: Operations = withTag("Me", {
  "GET /api/chat/me": {
    summary: "Get your account",
    who: "accounts",
    answers: { 200: { description: "You, as an account or a guest.", schema: Me, example: self } },
  },
  "PATCH /api/chat/me": {
    summary: "Edit your profile",
    who: "accounts",
    body: {
      schema: profilePatch.meta({ id: "ProfilePatch" }),
      examples: { words: { about: "Early bird" }, address: { email: "alice@example.org" } },
    },
    answers: { 200: { description: "You.", schema: Me, example: self } },
  },
  "DELETE /api/chat/me": {
    summary: "Delete your account",
    who: "accounts",
    body: {
      schema: accountDeletion.meta({ id: "AccountDeletion" }),
      examples: { everything: { password: "correct horse battery", delete_messages: true } },
    },
    answers: { 204: nothing("Your account and its sessions are deleted.") },
    errors: ["wrong_password"],
  },
  "POST /api/chat/me/password": {
    summary: "Change your password",
    description: "You're signed out everywhere else.",
    who: "accounts",
    body: {
      schema: passwordChange.meta({ id: "PasswordChange" }),
      examples: { another: { old_password: "correct horse battery", password: "staple the moon" } },
    },
    answers: { 204: nothing("Password changed.") },
    errors: ["wrong_password"],
  },
  "PUT /api/chat/me/avatar": {
    summary: "Upload your picture",
    who: "accounts",
    bytes: PICTURES,
    answers: { 200: theProfile },
  },
  "DELETE /api/chat/me/avatar": {
    summary: "Remove your picture",
    who: "accounts",
    answers: { 200: { ...theProfile, example: { ...person, avatar_url: null } } },
  },
  "GET /files/{file}": {
    summary: "Get a picture",
    answers: { 200: { description: "The picture. It never changes.", bytes: PICTURES } },
  },
  "GET /api/chat/me/unread": {
    summary: "List unread messages by room",
    who: "accounts",
    answers: {
      200: {
        description: "The rooms that you follow.",
        schema: z.array(unreadView.meta({ id: "Unread" })),
        example: [{ room_id: EXAMPLE.room, name: "kitchen-rota", unread: 3, mentions: 1 }],
      },
    },
  },
  "GET /api/chat/me/export": {
    summary: "Export your data",
    who: "accounts",
    answers: {
      200: {
        description: "One JSON object per line: your account, sessions, rooms and messages.",
        bytes: ["application/jsonl"],
      },
    },
  },
  "GET /api/chat/me/sessions": {
    summary: "List your sessions and tokens",
    who: "accounts",
    answers: { 200: { description: "The sessions.", schema: z.array(Session), example: [signedIn] } },
  },
  "DELETE /api/chat/me/sessions": {
    summary: "Sign out all other sessions",
    who: "accounts",
    answers: { 204: nothing("They're signed out.") },
  },
  "DELETE /api/chat/me/sessions/{session}": {
    summary: "Sign out a session, or revoke a token",
    who: "accounts",
    answers: { 204: nothing("It's signed out.") },
  },
  "POST /api/chat/me/tokens": {
    summary: "Create a token",
    who: "accounts",
    body: {
      schema: newToken.meta({ id: "NewToken" }),
      examples: { reader: { label: "Backup script", scopes: ["read"], expires_in: 2_592_000 } },
    },
    answers: {
      201: {
        description: "The token. You won't see it again.",
        schema: newTokenView.meta({ id: "Token" }),
        example: { ...signedIn, token: "hub_6nR2vXq8sTz1c7bQfW0uYl2mKd9pEj4h" },
      },
    },
  },
  "GET /api/chat/people/{person}": { summary: "Get a profile", answers: { 200: theProfile } },
  "PATCH /api/chat/people/{person}": {
    summary: "Disable an account, or make it an admin",
    description: "For admins.",
    who: "accounts",
    body: {
      schema: personPatch.meta({ id: "PersonPatch" }),
      examples: { disable: { disabled: true }, appoint: { admin: true } },
    },
    answers: { 200: theProfile },
  },
});
