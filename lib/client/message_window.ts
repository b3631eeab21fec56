/**
 * The message window: the part of a room's history that is in the page.
 * @module
 */
import { changed, type Entry, isPost } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";

/** A run of messages, oldest first. */
export interface MessageWindow {
  readonly posts: readonly Post[];
  /** Whether there are messages before the first. */
  readonly older: boolean;
  /** Whether there are messages after the last: then new ones don't belong at its end. */
  readonly newer: boolean;
}

/** Messages in a page of history. */
export const PAGE_SIZE = 50;
/** Most messages in the document. */
export const WINDOW_MAX = 300;

/**
 * Applies entries of the room's log: messages in the window change, and new ones are appended if it has the end.
 *
 * @param atEnd Whether the reader is at the end. If not, a full window keeps its messages and leaves new ones out.
 * @param reader Id of the reader, for the `mine` of reactions.
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

/** Applies an entry to the post that it is about. The others stay the same objects. */
export function folded(posts: readonly Post[], entry: Entry, reader?: string): readonly Post[] {
  const after = posts.map((post) => changed(post, entry, reader));
  return after.some((post, index) => post !== posts[index]) ? after.filter((post) => post !== undefined) : posts;
}

/** Prepends an older page; the newest messages leave if the window gets too long. */
export function prepended(window: MessageWindow, page: MessageWindow): MessageWindow {
  const first = window.posts[0]?.seq ?? Infinity;
  const posts = [...page.posts.filter((post) => post.seq < first), ...window.posts];
  const newer = window.newer || posts.length > WINDOW_MAX;
  return { posts: posts.slice(0, WINDOW_MAX), older: page.older, newer };
}

/** Appends a newer page; the oldest messages leave if the window gets too long. */
export function appended(window: MessageWindow, page: MessageWindow): MessageWindow {
  const last = window.posts.at(-1)?.seq ?? 0;
  const posts = [...window.posts, ...page.posts.filter((post) => post.seq > last)];
  const older = window.older || posts.length > WINDOW_MAX;
  return { posts: posts.slice(-WINDOW_MAX), older, newer: page.newer };
}
