/**
 * The entries of a room's log: anything that people can see change in a room. History, live delivery, a reconnect and
 * another instance catching up all read the same ones.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import { REACTION_NAMES } from "@/lib/model/limits.ts";
import type { Post, Reaction } from "@/lib/model/message.ts";
import type * as schemas from "@/lib/model/schema/entry.ts";

/** A message was edited. */
export type Edit = Parsed<typeof schemas.edit>;

/** A message was deleted. */
export type Deletion = Parsed<typeof schemas.deletion>;

/** An emoji was added or removed. */
export type ReactionChange = Parsed<typeof schemas.reactionChange>;

/** A message was pinned or unpinned. */
export type PinChange = Parsed<typeof schemas.pinChange>;

/** The room was renamed, described, archived or reopened. */
export type RoomChange = Parsed<typeof schemas.roomChange>;

/** A person's role changed, or they left. */
export type MemberChange = Parsed<typeof schemas.memberChange>;

/** An entry of a room's log; `seq` is dense from 1. */
export type Entry = Parsed<typeof schemas.entry>;

/** Whether people still see this entry as a message. */
export function isPost(entry: Entry): entry is Post {
  return entry.type === "post";
}

/**
 * Applies an entry to a post: what the post is then, or undefined once it is deleted. The store, a feed's tail and every
 * client use this one function, so they agree.
 *
 * @param reader Id of the person for whom the reactions' `mine` is kept.
 */
export function changed(post: Post, entry: Entry, reader?: string): Post | undefined {
  switch (entry.type) {
    case "edit":
      // An edit changes no reactions, and those here know what is the reader's.
      return entry.message.seq === post.seq ? { ...entry.message, reactions: post.reactions } : post;
    case "delete":
      return entry.post === post.seq ? undefined : post;
    case "react":
      return entry.post === post.seq ? { ...post, reactions: reacted(post.reactions, entry, reader) } : post;
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

function reacted(reactions: readonly Reaction[], change: ReactionChange, reader?: string): readonly Reaction[] {
  const { emoji, on, count, by } = change;
  if (count === 0) return reactions.filter((reaction) => reaction.emoji !== emoji);
  const before = reactions.find((reaction) => reaction.emoji === emoji);
  const after = { ...before, ...peopleAfter(change, before), emoji, count };
  if (reader === by.id) after.mine = on;
  return before ? reactions.map((reaction) => reaction === before ? after : reaction) : [...reactions, after];
}

/** The people whom a reaction lists after a change. Where their ids are unknown, names have to do. */
function peopleAfter(
  { on, by, count }: ReactionChange,
  { users, by: ids }: Pick<Reaction, "users" | "by"> = { users: [], by: [] },
): Pick<Reaction, "users" | "by"> {
  const place = ids ? ids.indexOf(by.id) : users.indexOf(by.name);
  if (!on) {
    const others = <T>(list: readonly T[]) => list.filter((_, index) => index !== place);
    return { users: others(users), ...(ids && { by: others(ids) }) };
  }
  // An entry that is applied again lists no one twice.
  if (users.length === REACTION_NAMES || (ids ? place >= 0 : users.length >= count)) return { users };
  return { users: [...users, by.name], ...(ids && { by: [...ids, by.id] }) };
}
