/**
 * Layout of the timeline: messages grouped by author and by day.
 * @module
 */
import type { Post } from "@/lib/model/message.ts";
import { dayKey } from "@/lib/ui/time.ts";

/** A message of the timeline, as its neighbours make it look. */
export interface Row {
  readonly post: Post;
  /** Whether it continues its author's message before: then it has no name and avatar. */
  readonly continued: boolean;
  /** Whether it is the first of its day, below a divider. */
  readonly newDay: boolean;
}

/** Longest pause in a group, in milliseconds. */
export const GROUP_PAUSE = 5 * 60_000;

/** Lays out messages, oldest first, with the days of a time zone. */
export function rows(posts: readonly Post[], zone: string): Row[] {
  let before: Post | undefined, day = "";
  return posts.map((post) => {
    const today = dayKey(post.at, zone);
    const newDay = today !== day;
    const row = { post, newDay, continued: !newDay && before !== undefined && continues(before, post) };
    before = post;
    day = today;
    return row;
  });
}

/** Whether a message continues the one before it. Guests can share a name, so the id decides. */
export function continues(before: Pick<Post, "by" | "at">, post: Pick<Post, "by" | "at">): boolean {
  return before.by.id === post.by.id && post.at - before.at < GROUP_PAUSE;
}
