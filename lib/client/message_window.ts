/**
 * The part of a room's history that is in the page: a run of messages, which may have more on either side.
 * @module
 */
import { changed, type Entry, isPost } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";

/** A run of messages, oldest first. */
export interface MessageWindow {
  readonly posts: readonly Post[];
  /** There are messages before the first. */
  readonly older: boolean;
  /** There are messages after the last: what comes in live does not follow on it. */
  readonly newer: boolean;
}

/** How many messages a page of history has. */
export const PAGE_SIZE = 50;
/** How many messages stay in the document. */
export const WINDOW_MAX = 300;

/**
 * The window after entries of the room's log. What is in it changes; new messages come to its end, where it has the end.
 *
 * @param atEnd Whether the reader looks at the end. If not, a full window lets new messages wait outside, so that what is
 * being read stays.
 * @param reader Id of the person who looks.
 */
export function arrived(
  window: MessageWindow,
  entries: readonly Entry[],
  atEnd: boolean,
  reader?: string,
): MessageWindow {
  let { posts, newer, older } = window;
  for (const entry of entries) {
    if (!isPost(entry)) posts = folded(posts, entry, reader);
    else if (!newer && entry.seq > (posts.at(-1)?.seq ?? 0)) {
      if (atEnd || posts.length < WINDOW_MAX) posts = [...posts, entry];
      else newer = true;
    }
  }
  if (posts.length > WINDOW_MAX) {
    posts = posts.slice(-WINDOW_MAX);
    older = true;
  }
  return { posts, older, newer };
}

/** The posts after an entry that is about one of them. Those that it does not touch are the same objects. */
export function folded(posts: readonly Post[], entry: Entry, reader?: string): readonly Post[] {
  let touched = false;
  const after: Post[] = [];
  for (const post of posts) {
    const now = changed(post, entry, reader);
    if (now !== post) touched = true;
    if (now) after.push(now);
  }
  return touched ? after : posts;
}

/** The window with an older page before it; the newest messages leave if it becomes too long. */
export function prepended(window: MessageWindow, page: MessageWindow): MessageWindow {
  const first = window.posts[0]?.seq ?? Infinity;
  const posts = [...page.posts.filter((post) => post.seq < first), ...window.posts];
  return {
    posts: posts.slice(0, WINDOW_MAX),
    older: page.older,
    newer: window.newer || posts.length > WINDOW_MAX,
  };
}

/** The window with a newer page after it; the oldest messages leave if it becomes too long. */
export function appended(window: MessageWindow, page: MessageWindow): MessageWindow {
  const last = window.posts.at(-1)?.seq ?? 0;
  const posts = [...window.posts, ...page.posts.filter((post) => post.seq > last)];
  return {
    posts: posts.slice(-WINDOW_MAX),
    older: window.older || posts.length > WINDOW_MAX,
    newer: page.newer,
  };
}
