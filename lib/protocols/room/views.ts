/**
 * What `/api/chat` answers: schemas, and the functions that make JSON of the model.
 * @module
 */
import { z } from "zod";
import { isAdmin, type Principal } from "@/lib/chat/policy.ts";
import type { Unread } from "@/lib/chat/reads.ts";
import type { Account, Session } from "@/lib/model/account.ts";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { Invite, Membership } from "@/lib/model/membership.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import * as accounts from "@/lib/model/schema/account.ts";
import * as entries from "@/lib/model/schema/entry.ts";
import * as memberships from "@/lib/model/schema/membership.ts";
import { nonce } from "@/lib/model/schema/ids.ts";
import { person } from "@/lib/model/schema/person.ts";
import * as rooms from "@/lib/model/schema/room.ts";
import { isoTime, isoTimeOrNull, time } from "@/lib/protocols/time.ts";

/** The person whom a message, a frame or a membership is about. */
export const personFields = { user_id: person.shape.id, username: person.shape.name };

/** A message, in REST and in frames. */
export const messageView = z.object({
  id: z.int().meta({ description: "unique on the server" }),
  room_id: rooms.room.shape.id,
  seq: entries.seq.meta({ description: "its place in the room" }),
  ...personFields,
  content: entries.post.shape.content,
  timestamp: time,
  edited_at: time.nullable(),
  reply_to: z.int().nullable().meta({ description: "the id of the message that it replies to" }),
  pinned: entries.post.shape.pinned,
  reactions: z.array(entries.reaction.omit({ by: true })),
  attachments: z.array(z.never()),
});

/** A message as it was read for one person. */
export const readMessageView = messageView.extend({
  nonce: nonce.optional().meta({ description: "the one that you posted it with" }),
});

/** A room. */
export const roomView = rooms.room.pick({ id: true, name: true, description: true, kind: true, archived: true }).extend(
  {
    created_at: time,
    created_by: person.shape.name.nullable().meta({ description: "the name of the person who created it" }),
    online: z.int().meta({ description: "how many people are in it now" }),
    messages: z.int().meta({ description: "how many messages were ever posted" }),
    last_message_at: time.nullable(),
  },
);

/** An account, as everyone may see it. */
export const profileView = accounts.account.pick({ id: true, about: true }).extend({
  username: person.shape.name,
  avatar_url: z.string().nullable(),
  created_at: time,
});

/** The caller, with what only they may see. A guest has an id and a name. */
export const meView = profileView.extend({
  guest: person.shape.guest,
  admin: accounts.account.shape.admin,
  email: accounts.account.shape.email,
  scopes: z.array(accounts.scope).nullable(),
  created_at: time.nullable(),
});

/** A signed-in browser, or a token. */
export const sessionView = accounts.session.pick({ id: true, kind: true, label: true, scopes: true }).extend({
  current: z.boolean(),
  created_at: time,
  last_used_at: time,
  expires_at: time.nullable(),
});

/** A new token, with its secret: the only time that it is shown. */
export const newTokenView = sessionView.extend({ token: z.string() });

/** A member of a room. */
export const memberView = memberships.membership.pick({ role: true }).extend({ ...personFields, since: time });

/** An invite link. */
export const inviteView = memberships.invite.pick({ code: true }).extend({
  url: z.string(),
  room_id: memberships.invite.shape.room,
  invited_by: person.shape.name,
  created_at: time,
  expires_at: time.nullable(),
  uses_left: memberships.invite.shape.usesLeft,
});

/** What an invite link shows before it is followed. */
export const invitePreview = inviteView.pick({ invited_by: true, expires_at: true }).extend({ room_name: z.string() });

/** The unread messages of a room. */
export const unreadView = z.object({ room_id: z.int(), name: z.string(), unread: z.int(), mentions: z.int() });

/** What a deletion answers. */
export const doneView = z.object({ message: z.enum(["Room deleted", "Message deleted"]) });

/** JSON of a message. Its reactions have `mine` where the post was read for one person. */
export function messageJson(room: number, post: Post): Immutable<z.infer<typeof messageView>> {
  return {
    id: messageId(room, post.seq),
    room_id: room,
    seq: post.seq,
    user_id: post.by.id,
    username: post.by.name,
    content: post.content,
    timestamp: isoTime(post.at),
    edited_at: isoTimeOrNull(post.editedAt),
    reply_to: post.replyTo === null ? null : messageId(room, post.replyTo),
    pinned: post.pinned,
    reactions: post.reactions.map(({ by: _ids, ...reaction }) => reaction),
    attachments: [],
  };
}

/** JSON of a message as it was read for one person, whose own have their nonces. */
export function readMessageJson(room: number, post: Post): Immutable<z.infer<typeof readMessageView>> {
  return { ...messageJson(room, post), nonce: post.nonce };
}

/** JSON of a room; a direct one has the name that `actor` sees. */
export function roomJson(room: Room, head: Head, online: number, actor?: Person): z.infer<typeof roomView> {
  const { id, description, kind, archived, createdAt, createdBy } = room;
  return {
    id,
    name: roomTitle(room, actor ?? null),
    description,
    kind,
    archived,
    created_at: isoTime(createdAt),
    created_by: createdBy?.name ?? null,
    online,
    messages: head.posts,
    last_message_at: head.at === 0 ? null : isoTime(head.at),
  };
}

/** Address of a person's picture, or null. */
export function avatarUrl({ avatar }: Pick<Account, "avatar">): string | null {
  return avatar === null ? null : `/files/${avatar}`;
}

/** JSON of an account. */
export function profileJson(account: Account): z.infer<typeof profileView> {
  const { id, name, about, createdAt } = account;
  return { id, username: name, about, avatar_url: avatarUrl(account), created_at: isoTime(createdAt) };
}

/** JSON of the caller; `account` is null for a guest. */
export function meJson(actor: Principal, account: Account | null): z.infer<typeof meView> {
  const { person, scopes } = actor;
  return {
    id: person.id,
    username: person.name,
    guest: person.guest,
    admin: isAdmin(actor),
    scopes: scopes && [...scopes],
    email: account?.email ?? null,
    about: account?.about ?? "",
    avatar_url: account && avatarUrl(account),
    created_at: isoTimeOrNull(account && account.createdAt),
  };
}

/** JSON of a session; `current` is the id of the caller's. */
export function sessionJson(session: Session, current: string | null): z.infer<typeof sessionView> {
  const { id, kind, label, scopes, createdAt, seenAt, expiresAt } = session;
  return {
    id,
    kind,
    label,
    scopes: scopes && [...scopes],
    current: id === current,
    created_at: isoTime(createdAt),
    last_used_at: isoTime(seenAt),
    expires_at: isoTimeOrNull(expiresAt),
  };
}

/** JSON of a new token. */
export function newTokenJson(session: Session, token: string): z.infer<typeof newTokenView> {
  return { ...sessionJson(session, null), token };
}

/** JSON of a member. */
export function memberJson({ person, role, since }: Membership): z.infer<typeof memberView> {
  return { user_id: person.id, username: person.name, role, since: isoTime(since) };
}

/** JSON of an invite link; `origin` is the address that people use. */
export function inviteJson(invite: Invite, origin: string): z.infer<typeof inviteView> {
  const { code, room, by, createdAt, expiresAt, usesLeft } = invite;
  return {
    code,
    url: `${origin}/join/${code}`,
    room_id: room,
    invited_by: by.name,
    created_at: isoTime(createdAt),
    expires_at: isoTimeOrNull(expiresAt),
    uses_left: usesLeft,
  };
}

/** JSON of what an invite link shows; `name` is the room's. */
export function invitePreviewJson({ by, expiresAt }: Invite, name: string): z.infer<typeof invitePreview> {
  return { room_name: name, invited_by: by.name, expires_at: isoTimeOrNull(expiresAt) };
}

/** JSON of the unread messages of a room that the caller knows as `name`. */
export function unreadJson({ id }: Room, name: string, { count, mentions }: Unread): z.infer<typeof unreadView> {
  return { room_id: id, name, unread: count, mentions };
}

/** JSON of a deletion. */
export function doneJson(message: z.infer<typeof doneView>["message"]): z.infer<typeof doneView> {
  return { message };
}
