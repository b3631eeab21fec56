/**
 * What can happen in a room. A room is an append-only log of these entries, and history, live delivery,
 * a reconnect and another instance catching up all read the same ones. Types and arithmetic only: islands import this.
 * @module
 */

/** Who did something, as everyone may see it. */
export interface Person {
  /** 24 lower-case hex characters, time-ordered. A guest's lasts as long as the cookie or token that holds the name. */
  readonly id: string;
  readonly name: string;
  readonly guest: boolean;
}

/** What people say of themselves while they are here. */
export interface Status {
  readonly state: "online" | "away" | "busy";
  readonly text: string;
}

/** Somebody who is here; without a status they are online. */
export interface Present extends Person {
  readonly status?: Status;
}

/** One emoji under a message: how many people chose it, and up to {@link REACTION_NAMES} of their names. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly string[];
}

/** A message as it stands now. Edits and reactions change it in place. */
export interface Post {
  readonly type: "post";
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: Person;
  readonly content: string;
  /** The author's own name for it: the same one's same nonce again makes no second message. */
  readonly nonce?: string | undefined;
  readonly editedAt: number | null;
  /** `seq` of the message that this one answers. */
  readonly replyTo: number | null;
  readonly pinned: boolean;
  readonly reactions: readonly Reaction[];
  /** Ids of the accounts that it names with `@`. */
  readonly mentions?: readonly string[] | undefined;
}

interface Change {
  readonly seq: number;
  readonly at: number;
  readonly by: Person;
}

/** A message was edited; `message` is what it is now. */
export interface Edit extends Change {
  readonly type: "edit";
  readonly message: Post;
}

/** A message is gone. `post` was its `seq`; the entry that stood there, and every edit of it, became such an entry too. */
export interface Deletion extends Change {
  readonly type: "delete";
  readonly post: number;
  /** Where the message stood: its nonce, so that sending it again does not bring it back. */
  readonly nonce?: string | undefined;
}

/** Someone added or withdrew an emoji; `count` is how many chose it now. */
export interface ReactionChange extends Change {
  readonly type: "react";
  readonly post: number;
  readonly emoji: string;
  readonly on: boolean;
  readonly count: number;
}

/** A message was pinned or unpinned. */
export interface PinChange extends Change {
  readonly type: "pin";
  readonly post: number;
  readonly on: boolean;
}

/** The room itself was renamed, described, archived or reopened. */
export interface RoomChange extends Change {
  readonly type: "room";
  readonly name: string;
  readonly description: string;
  readonly archived: boolean;
}

/** What an account is in a room. Whoever is banned may not even read. */
export type Role = "owner" | "moderator" | "member" | "banned";

/** Somebody became something in the room, or left it (null). */
export interface MemberChange extends Change {
  readonly type: "member";
  readonly member: Person;
  readonly role: Role | null;
}

/** Anything that people can see change in a room; `seq` is dense from 1. */
export type Entry = Post | Edit | Deletion | ReactionChange | PinChange | RoomChange | MemberChange;

/** Where a room's log stands. `epoch` names the log: a recreated one has another, so no client resumes from the wrong one. */
export interface Head {
  readonly epoch: string;
  /** The last `seq`; 0 before the first entry. */
  readonly seq: number;
  /** How many posts were ever made. */
  readonly posts: number;
  /** Time of the last post in milliseconds since 1970, or 0. */
  readonly at: number;
}

/** Everybody may come to a public room, members to a private one, and a direct one is between two people for good. */
export type RoomKind = "public" | "private" | "direct";

/** A place where people talk. */
export interface Room {
  readonly id: number;
  /** Unique among public rooms; empty for a direct one: {@link roomTitle}. */
  readonly name: string;
  readonly description: string;
  readonly kind: RoomKind;
  readonly archived: boolean;
  readonly createdAt: number;
  /** Who made it; null for rooms that the server makes itself. */
  readonly createdBy: Person | null;
  /** The two of a direct room. */
  readonly between?: readonly Person[] | undefined;
}

/** What a room is called for this person: a direct one by the other's name. */
export function roomTitle(room: Room, person: { readonly id: string } | null): string {
  const other = room.between?.find(({ id }) => id !== person?.id);
  return other?.name ?? room.name;
}

/** The room that is always there. */
export const GENERAL = 1;

/** How many names a reaction shows. */
export const REACTION_NAMES = 20;

const SPAN = 2 ** 32;

/** The id of a message, unique in the whole server: `room * 2^32 + seq`. */
export function messageId(room: number, seq: number): number {
  return room * SPAN + seq;
}

/** The room and `seq` in a message id, or undefined where no message can have that id. */
export function splitMessageId(id: number): { room: number; seq: number } | undefined {
  const room = Math.floor(id / SPAN), seq = id % SPAN;
  if (!Number.isSafeInteger(id) || room < 1 || seq < 1) return undefined;
  return { room, seq };
}

/** Whether people still see this entry as a message. */
export function isPost(entry: Entry): entry is Post {
  return entry.type === "post";
}

/**
 * What a post is after a change to it, or undefined once it is gone. The store, a feed's tail and every client fold
 * entries with this one function, so they agree.
 */
export function changed(post: Post, entry: Entry): Post | undefined {
  switch (entry.type) {
    case "edit":
      return entry.message.seq === post.seq ? entry.message : post;
    case "delete":
      return entry.post === post.seq ? undefined : post;
    case "react":
      return entry.post === post.seq ? { ...post, reactions: reacted(post.reactions, entry) } : post;
    case "pin":
      return entry.post === post.seq ? { ...post, pinned: entry.on } : post;
    default:
      return post;
  }
}

/** The `seq` of the post that an entry is about, or undefined where it is about none. */
export function subject(entry: Entry): number | undefined {
  switch (entry.type) {
    case "post":
      return entry.seq;
    case "edit":
      return entry.message.seq;
    case "room":
    case "member":
      return undefined;
    default:
      return entry.post;
  }
}

function reacted(reactions: readonly Reaction[], { emoji, on, count, by }: ReactionChange): Reaction[] {
  if (count === 0) return reactions.filter((reaction) => reaction.emoji !== emoji);
  const before = reactions.find((reaction) => reaction.emoji === emoji);
  if (!before) return [...reactions, { emoji, count, users: [by.name] }];
  const others = before.users.filter((name) => name !== by.name);
  const users = on ? [...others, by.name].slice(0, REACTION_NAMES) : others;
  return reactions.map((reaction) => reaction === before ? { emoji, count, users } : reaction);
}
