/**
 * Reads rooms' logs: since an entry, page by page, one post.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Post, Reaction } from "@/lib/model/message.ts";
import type { Head } from "@/lib/model/room.ts";
import { keys, type StoredEdit, type StoredEntry } from "@/lib/store/keys.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import { entryAt, type Range, scan } from "@/lib/store/log/batches.ts";

/** The end of a room's history as of a head; `whole` where that is all of it. */
interface Newest {
  readonly epoch: string;
  readonly seq: number;
  readonly posts: readonly Post[];
  readonly whole: boolean;
}

const NEWEST_KEPT = 64;
const NEWEST_ROOMS = 1_000;

/** The reader of all rooms' logs. */
export class LogReader {
  readonly #store: LogStore;
  readonly #newest = new Map<number, Newest>();

  /** Reads from this store. */
  constructor(store: LogStore) {
    this.#store = store;
  }

  /** The head of a room's log, or null where there is no such room. */
  async head(room: number): Promise<Head | null> {
    return (await this.#store.get(keys.head(room))).value;
  }

  /** The entries with `seq` in (`after`, `upTo`], oldest first. */
  async read(room: number, after: number, upTo: number): Promise<Entry[]> {
    const stored: StoredEntry[] = [], wanted = upTo - after;
    for await (const entry of scan(this.#store, room, { after, before: upTo + 1, wanted })) stored.push(entry);
    return await this.#joined(room, stored);
  }

  /** The newest posts, up to `limit`, oldest first. */
  async newest(room: number, limit: number): Promise<readonly Post[]> {
    const head = await this.head(room);
    if (!head) return [];
    const known = this.#newest.get(room);
    // Whatever people can see change moves the head, so at the same head the page is the same.
    if (known && known.epoch === head.epoch && known.seq === head.seq && (known.whole || known.posts.length >= limit)) {
      return known.posts.slice(-limit);
    }
    const posts = await this.postsBefore(room, head.seq + 1, Math.max(limit, NEWEST_KEPT));
    if (this.#newest.size >= NEWEST_ROOMS) this.#newest.clear();
    this.#newest.set(room, { epoch: head.epoch, seq: head.seq, posts, whole: posts.length < NEWEST_KEPT });
    return posts.slice(-limit);
  }

  /** Up to `limit` posts older than `before`, the newest of them, oldest first. */
  async postsBefore(room: number, before: number, limit: number): Promise<Post[]> {
    return (await this.#posts(room, { before, wanted: limit, reverse: true })).reverse();
  }

  /** Up to `limit` posts newer than `after`, the oldest of them, oldest first. */
  postsAfter(room: number, after: number, limit: number): Promise<Post[]> {
    return this.#posts(room, { after, wanted: limit });
  }

  /** The post at `seq`, or null where there is none any more. */
  async post(room: number, seq: number): Promise<Post | null> {
    const entry = await entryAt(this.#store, room, seq);
    return entry?.type === "post" ? entry : null;
  }

  /** Every post of a room, oldest first. */
  async *posts(room: number): AsyncGenerator<Post> {
    for await (const entry of scan(this.#store, room, {})) if (entry.type === "post") yield entry;
  }

  /** How many posts were made with a `seq` in (`after`, `upTo`], deleted ones too, as a head counts them. */
  async countPosts(room: number, after: number, upTo: number): Promise<number> {
    let count = 0;
    for await (const entry of scan(this.#store, room, { after, before: upTo + 1 })) {
      if (entry.type === "post" || (entry.type === "delete" && entry.post === entry.seq)) count++;
    }
    return count;
  }

  /** Up to `limit` posts that answer the one at `root`, oldest first. */
  async replies(room: number, root: number, limit: number): Promise<Post[]> {
    const seqs: number[] = [];
    for await (const { key } of this.#store.list(keys.thread.under(room, root), { limit })) {
      seqs.push(Number(key.at(-1)));
    }
    const found = await Promise.all(seqs.map((seq) => this.post(room, seq)));
    return found.filter((post) => post !== null);
  }

  /** Those of the reactions, of messages at `seq`, that a person chose. */
  async chosenBy(
    room: number,
    person: string,
    reactions: readonly { readonly seq: number; readonly reaction: Reaction }[],
  ): Promise<ReadonlySet<Reaction>> {
    const found = await this.#store.getMany(
      reactions.map(({ seq, reaction: { emoji } }) => keys.reaction(room, seq, emoji, person)),
    );
    return new Set(reactions.filter((_, index) => found[index]?.value !== null).map(({ reaction }) => reaction));
  }

  async #posts(room: number, range: Range & { readonly wanted: number }): Promise<Post[]> {
    const posts: Post[] = [];
    if (range.wanted === 0) return posts;
    for await (const entry of scan(this.#store, room, range)) {
      if (entry.type === "post" && posts.push(entry) === range.wanted) break;
    }
    return posts;
  }

  /** Puts what a post says now into the edits of it. */
  async #joined(room: number, stored: readonly StoredEntry[]): Promise<Entry[]> {
    const posts = new Map<number, Post>();
    for (const entry of stored) if (entry.type === "post") posts.set(entry.seq, entry);
    const missing = new Set<number>();
    for (const entry of stored) if (entry.type === "edit" && !posts.has(entry.post)) missing.add(entry.post);
    for (const post of await Promise.all([...missing].map((seq) => this.post(room, seq)))) {
      if (post) posts.set(post.seq, post);
    }
    return stored.map((entry) => entry.type === "edit" ? edited(entry, posts.get(entry.post)) : entry);
  }
}

/** An edit with its message, or the deletion that an edit of a deleted message has become. */
function edited(edit: StoredEdit, message: Post | undefined): Entry {
  const { seq, at, by, post } = edit;
  return message ? { type: "edit", seq, at, by, message } : { type: "delete", seq, at, by, post };
}
