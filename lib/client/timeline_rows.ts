/**
 * How a list of messages is set out: in groups by author, in days.
 * @module
 */
import type { Post } from "@/lib/model/message.ts";
import { dayKey } from "@/lib/ui/time.ts";

/** What one message of the timeline looks like beside its neighbours. */
export interface Row {
  readonly post: Post;
  /** Goes on what the same person said just before: drawn without name and picture. */
  readonly continued: boolean;
  /** The first of its day: a divider stands above it. */
  readonly newDay: boolean;
}

/** How long a group may pause, in milliseconds. */
export const GROUP_PAUSE = 5 * 60_000;

/** Sets out messages, oldest first, with the days of a time zone. */
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

/** Whether a message belongs to the group of the one before it. Guests may share a name, so the id decides. */
export function continues(before: Pick<Post, "by" | "at">, post: Pick<Post, "by" | "at">): boolean {
  return before.by.id === post.by.id && post.at - before.at < GROUP_PAUSE;
}
