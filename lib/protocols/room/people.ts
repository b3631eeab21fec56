/**
 * The JSON of people, sessions, members and invitations in `/api/chat`.
 * @module
 */
import { z } from "zod";
import { scope } from "@/lib/model/schema/account.ts";
import { role } from "@/lib/model/schema/membership.ts";
import type { Room } from "@/lib/model/room.ts";
import { type Principal } from "@/lib/chat/policy.ts";
import type { Unread } from "@/lib/chat/reads.ts";
import { isoTime } from "@/lib/protocols/room/codec.ts";
import type { Invite, Membership } from "@/lib/model/membership.ts";
import type { Account, Session } from "@/lib/model/account.ts";

const time = z.iso.datetime();
const personId = z.string();

/** Somebody with an account, as everyone may see them. */
export const profile = z.object({
  id: personId,
  username: z.string(),
  about: z.string(),
  avatar_url: z.string().nullable(),
  created_at: time,
});

/** The one who asks: what is only theirs to see, too. A guest has an id and a name alone. */
export const me = z.object({
  id: personId,
  username: z.string(),
  guest: z.boolean(),
  admin: z.boolean(),
  scopes: z.array(scope).nullable(),
  email: z.string().nullable(),
  about: z.string(),
  avatar_url: z.string().nullable(),
  created_at: time.nullable(),
});

/** A browser that is signed in, or a token. */
export const session = z.object({
  id: z.string(),
  kind: z.enum(["browser", "token"]),
  label: z.string(),
  scopes: z.array(z.string()).nullable(),
  current: z.boolean(),
  created_at: time,
  last_used_at: time,
  expires_at: time.nullable(),
});

/** A token that was just made: the only time that it is told. */
export const newTokenAnswer = session.extend({ token: z.string() });

/** Somebody who belongs to a room. */
export const member = z.object({
  user_id: personId,
  username: z.string(),
  role: role,
  since: time,
});

/** A link into a room. */
export const invitation = z.object({
  code: z.string(),
  url: z.string(),
  room_id: z.int(),
  invited_by: z.string(),
  created_at: time,
  expires_at: time.nullable(),
  uses_left: z.int().nullable(),
});

/** What somebody who has a link may know before they follow it. */
export const invitationAnswer = z.object({
  room_name: z.string(),
  invited_by: z.string(),
  expires_at: time.nullable(),
});

/** What waits for the actor in a room. */
export const unreadAnswer = z.object({
  room_id: z.int(),
  name: z.string(),
  unread: z.int(),
  mentions: z.int(),
});

/** Address of a person's picture, or null. */
export function avatarUrl({ avatar }: Pick<Account, "avatar">): string | null {
  return avatar === null ? null : `/files/${avatar}`;
}

/** The JSON of somebody with an account. */
export function profileJson(account: Account): z.infer<typeof profile> {
  const { id, name, about, createdAt } = account;
  return { id, username: name, about, avatar_url: avatarUrl(account), created_at: isoTime(createdAt) };
}

/** The JSON of the one who asks; `account` is null for a guest. */
export function meJson({ person, admin, scopes }: Principal, account: Account | null): z.infer<typeof me> {
  return {
    id: person.id,
    username: person.name,
    guest: person.guest,
    admin,
    scopes: scopes && [...scopes],
    email: account?.email ?? null,
    about: account?.about ?? "",
    avatar_url: account && avatarUrl(account),
    created_at: account && isoTime(account.createdAt),
  };
}

/** The JSON of a session; `current` is the id of the one that asks. */
export function sessionJson(one: Session, current: string | null): z.infer<typeof session> {
  const { id, kind, label, scopes, createdAt, seenAt, expiresAt } = one;
  return {
    id,
    kind,
    label,
    scopes: scopes && [...scopes],
    current: id === current,
    created_at: isoTime(createdAt),
    last_used_at: isoTime(seenAt),
    expires_at: timeOrNull(expiresAt),
  };
}

/** The JSON of a member. */
export function memberJson({ person, role, since }: Membership): z.infer<typeof member> {
  return { user_id: person.id, username: person.name, role, since: isoTime(since) };
}

/** The JSON of an invitation; `origin` is the address that people use. */
export function invitationJson(invite: Invite, origin: string): z.infer<typeof invitation> {
  const { code, room, by, createdAt, expiresAt, usesLeft } = invite;
  return {
    code,
    url: `${origin}/join/${code}`,
    room_id: room,
    invited_by: by.name,
    created_at: isoTime(createdAt),
    expires_at: timeOrNull(expiresAt),
    uses_left: usesLeft,
  };
}

/** The JSON of what waits in a room that the actor calls `name`. */
export function unreadJson({ id }: Room, name: string, { count, mentions }: Unread): z.infer<typeof unreadAnswer> {
  return { room_id: id, name, unread: count, mentions };
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}
