/**
 * Protocol 1: the one who asks, and other people.
 * @module
 */
import { z } from "zod";
import type { Answer, Operations } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { me, newTokenAnswer, profile, session, unreadAnswer } from "@/lib/protocols/room/people.ts";
import { accountDeletion, newToken, passwordChange, personPatch, profilePatch } from "@/lib/protocols/room/frames.ts";

const Me = me.meta({ id: "Me" });
const Profile = profile.meta({ id: "Profile" });
const Session = session.meta({ id: "Session" });

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

/** Who one is here, and what one may see and say of people. */
export const meOperations: Operations = {
  "GET /api/chat/me": {
    tag: "Me",
    summary: "Who one is here",
    who: "accounts",
    answers: { 200: { description: "The actor, a guest too.", schema: Me, example: self } },
  },
  "PATCH /api/chat/me": {
    tag: "Me",
    summary: "Say something of oneself",
    who: "accounts",
    body: {
      schema: profilePatch.meta({ id: "ProfilePatch" }),
      examples: { words: { about: "Early bird" }, address: { email: "alice@example.org" } },
    },
    answers: { 200: { description: "The actor.", schema: Me, example: self } },
  },
  "DELETE /api/chat/me": {
    tag: "Me",
    summary: "Take one's account away",
    who: "accounts",
    body: {
      schema: accountDeletion.meta({ id: "Farewell" }),
      examples: { everything: { password: "correct horse battery", delete_messages: true } },
    },
    answers: { 204: nothing("The account is gone, and so are its sessions.") },
    errors: ["wrong_password"],
  },
  "POST /api/chat/me/password": {
    tag: "Me",
    summary: "Choose another password",
    description: "All other sessions end.",
    who: "accounts",
    body: {
      schema: passwordChange.meta({ id: "PasswordChange" }),
      examples: { another: { old_password: "correct horse battery", password: "staple the moon" } },
    },
    answers: { 204: nothing("It holds from now on.") },
    errors: ["wrong_password"],
  },
  "PUT /api/chat/me/avatar": {
    tag: "Me",
    summary: "Give oneself a picture",
    who: "accounts",
    bytes: PICTURES,
    answers: { 200: theProfile },
  },
  "DELETE /api/chat/me/avatar": {
    tag: "Me",
    summary: "Take one's picture away",
    who: "accounts",
    answers: { 200: { ...theProfile, example: { ...person, avatar_url: null } } },
  },
  "GET /files/{file}": {
    tag: "Me",
    summary: "A picture that somebody uploaded",
    who: "guests",
    answers: { 200: { description: "The picture; it never changes.", bytes: PICTURES } },
    errors: ["not_found"],
  },
  "GET /api/chat/me/unread": {
    tag: "Me",
    summary: "What waits in each room that one follows",
    who: "accounts",
    answers: {
      200: {
        description: "The rooms with something new.",
        schema: z.array(unreadAnswer.meta({ id: "Unread" })),
        example: [{ room_id: EXAMPLE.room, name: "kitchen-rota", unread: 3, mentions: 1 }],
      },
    },
  },
  "GET /api/chat/me/export": {
    tag: "Me",
    summary: "Everything that the server keeps of one",
    who: "accounts",
    answers: {
      200: {
        description: "A JSON object a line: the account, its sessions, its rooms and messages.",
        bytes: ["application/jsonl"],
      },
    },
  },
  "GET /api/chat/me/sessions": {
    tag: "Me",
    summary: "Where one is signed in, and one's tokens",
    who: "accounts",
    answers: { 200: { description: "The sessions.", schema: z.array(Session), example: [signedIn] } },
  },
  "DELETE /api/chat/me/sessions": {
    tag: "Me",
    summary: "End all sessions but this one",
    who: "accounts",
    answers: { 204: nothing("They are ended.") },
  },
  "DELETE /api/chat/me/sessions/{session}": {
    tag: "Me",
    summary: "End a session, or a token",
    who: "accounts",
    answers: { 204: nothing("It is ended.") },
    errors: ["not_found"],
  },
  "POST /api/chat/me/tokens": {
    tag: "Me",
    summary: "Make a token for a program",
    who: "accounts",
    body: {
      schema: newToken.meta({ id: "NewToken" }),
      examples: { reader: { label: "Backup script", scopes: ["read"], expires_in: 2_592_000 } },
    },
    answers: {
      201: {
        description: "The token, which is told this once.",
        schema: newTokenAnswer.meta({ id: "Token" }),
        example: { ...signedIn, token: "hub_6nR2vXq8sTz1c7bQfW0uYl2mKd9pEj4h" },
      },
    },
  },
  "GET /api/chat/people/{person}": {
    tag: "Me",
    summary: "Somebody with an account",
    who: "guests",
    answers: { 200: theProfile },
    errors: ["not_found"],
  },
  "PATCH /api/chat/people/{person}": {
    tag: "Me",
    summary: "Disable an account, or make it an admin's",
    description: "For admins.",
    who: "accounts",
    body: {
      schema: personPatch.meta({ id: "PersonPatch" }),
      examples: { disable: { disabled: true }, appoint: { admin: true } },
    },
    answers: { 200: theProfile },
    errors: ["not_found"],
  },
};
