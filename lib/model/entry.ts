/**
 * The entries of a room's log: anything that people can see change in a room. History, live delivery, a reconnect and
 * another instance catching up all read the same ones.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import { REACTION_NAMES } from "@/lib/model/limits.ts";
import type { Post, Reaction } from "@/lib/model/message.ts";
import type {
  deletion,
  edit,
  entry,
  memberChange,
  pinChange,
  reactionChange,
  roomChange,
} from "@/lib/model/schema/entry.ts";

/** A message was edited. */
export type Edit = Immutable<z.infer<typeof edit>>;

/** A message was deleted. */
export type Deletion = Immutable<z.infer<typeof deletion>>;

/** An emoji was added or removed. */
export type ReactionChange = Immutable<z.infer<typeof reactionChange>>;

/** A message was pinned or unpinned. */
export type PinChange = Immutable<z.infer<typeof pinChange>>;

/** The room was renamed, described, archived or reopened. */
export type RoomChange = Immutable<z.infer<typeof roomChange>>;

/** A person's role changed, or they left. */
export type MemberChange = Immutable<z.infer<typeof memberChange>>;

/** An entry of a room's log; `seq` is dense from 1. */
export type Entry = Immutable<z.infer<typeof entry>>;

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
