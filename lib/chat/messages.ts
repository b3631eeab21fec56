/**
 * Messages: post, edit, delete, react, pin, and read back. Each change is one entry of the room's log.
 * @module
 */
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import {
  changed,
  type Deletion,
  type Edit,
  type Entry,
  type PinChange,
  type ReactionChange,
} from "@/lib/model/entry.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import { isMine, type Post, splitMessageId } from "@/lib/model/message.ts";
import { EMOJI_MAX } from "@/lib/model/limits.ts";
import type { Policy, RoomAccess } from "@/lib/chat/policy.ts";
import {
  mentionKeys,
  mentionMutations,
  type Mentions,
  MENTIONS_MAX,
  MUTATIONS_PER_MENTION,
} from "@/lib/chat/mentions.ts";
import type { Key } from "@/lib/store/key.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { Built, Slot } from "@/lib/store/log/append.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { put, remove } from "@/lib/store/commit.ts";

/** What someone wants to say; `content` is clean already (text.ts). */
export interface NewPost {
  readonly content: string;
  readonly nonce?: string | undefined;
  /** Id of the message that this one answers. */
  readonly replyTo?: number | undefined;
}

/** Where a page of messages lies: around, before or after a message's id, or at the end. */
export interface PageRequest {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
}

/** A page of messages, oldest first, and whether there is more on either side. */
export interface Page {
  readonly posts: readonly Post[];
  readonly older: boolean;
  readonly newer: boolean;
}

/** A post that stands, and whether its nonce had made it before. */
export interface Posted {
  readonly post: Post;
  readonly repeated: boolean;
}

/** Who reacted to a deleted message is removed. */
const SWEEP_REACTIONS: JobKind<{ readonly room: number; readonly seq: number }> = {
  name: "sweep_reactions",
  payload: z.object({ room: z.int(), seq: z.int() }),
};

/** What people say in rooms. */
export class Messages {
  readonly #log: Log;
  readonly #jobs: Jobs;
  readonly #policy: Policy;
  readonly #mentions: Mentions;

  /** A view on the log that asks the policy first. */
  constructor(log: Log, jobs: Jobs, policy: Policy, mentions: Mentions) {
    this.#log = log;
    this.#jobs = jobs;
    jobs.handle(SWEEP_REACTIONS, ({ room, seq }, signal) => log.sweepReactions(room, seq, signal));
    this.#policy = policy;
    this.#mentions = mentions;
  }

  /**
   * Says something in a room. The same author's same nonce again answers with the first message.
   *
   * @throws {ChatError} `message_not_found` for an unknown `replyTo`, `message_deleted` for a nonce whose message is gone.
   */
  async post(access: RoomAccess, { content, nonce, replyTo }: NewPost): Promise<Posted> {
    const by = this.#policy.write(access), { room } = access;
    const mentions = content.includes("@") ? await this.#mentions.in(room, content, by) : [];
    const root = replyTo === undefined ? null : seqIn(room, replyTo);
    const appended = await this.#log.append(room.id, {
      nonce: nonce === undefined ? undefined : { by, value: nonce },
      ...(root === null ? {} : { target: root }),
      ...(mentions.length === 0 ? {} : { reads: mentionKeys(room.id, mentions) }),
      size: content.length,
      mutations: MUTATIONS_PER_MENTION * mentions.length + 1,
      build({ seq, at }, { target, values }) {
        if (root !== null) livePost(target);
        const entry: Post = {
          type: "post",
          seq,
          at,
          by,
          content,
          ...(nonce === undefined ? {} : { nonce }),
          editedAt: null,
          replyTo: root,
          pinned: false,
          reactions: [],
          ...(mentions.length === 0 ? {} : { mentions }),
        };
        const also = mentionMutations(room.id, mentions, values, seq, true);
        if (root !== null) also.push(put(keys.thread(room.id, root, seq), true));
        return { entry, stored: entry, mutations: also };
      },
    });
    if (appended.outcome === "repeated") return { post: await this.#first(room, appended.seq), repeated: true };
    if (appended.outcome === "committed" && appended.entry.type === "post") {
      return { post: appended.entry, repeated: false };
    }
    throw new Error("A post neither became an entry nor was one before");
  }

  async #first(room: Room, seq: number): Promise<Post> {
    const post = await this.#log.post(room.id, seq);
    if (!post) throw new ChatError("message_deleted", "This message was sent before, and deleted since.");
    return post;
  }

  /** Changes what a message says. */
  edit(access: RoomAccess, id: number, content: string): Promise<Entry | undefined> {
    const by = this.#policy.write(access), { room } = access;
    return this.#change(room, id, content.length, [], ({ seq, at }, post) => {
      this.#policy.editMessage(access, post);
      if (post.content === content) return undefined;
      const message = { ...post, content, editedAt: at };
      const entry: Edit = { type: "edit", seq, at, by, message };
      return {
        entry,
        stored: { type: "edit", seq, at, by, post: post.seq },
        targetAfter: message,
      };
    });
  }

  /** Deletes a message. What it said is nowhere in the store afterwards. */
  async delete(access: RoomAccess, id: number): Promise<Entry | undefined> {
    const by = this.#policy.write(access), { room } = access;
    // Edits leave the mentions as they were.
    const { mentions = [] } = await this.#log.post(room.id, seqIn(room, id)) ?? {};
    return await this.#change(room, id, 0, mentionKeys(room.id, mentions), ({ seq, at }, post, values) => {
      this.#policy.deleteMessage(access, post);
      const entry: Deletion = { type: "delete", seq, at, by, post: post.seq };
      const { nonce } = post;
      const stone: Deletion = { ...entry, seq: post.seq, by: post.by, ...(nonce === undefined ? {} : { nonce }) };
      const also = mentionMutations(room.id, mentions, values, post.seq, false);
      if (post.replyTo !== null) also.push(remove(keys.thread(room.id, post.replyTo, post.seq)));
      if (post.reactions.length > 0) also.push(this.#jobs.enqueue(SWEEP_REACTIONS, { room: room.id, seq: post.seq }));
      return { entry, stored: entry, targetAfter: stone, mutations: also };
    });
  }

  /** Adds or withdraws an emoji under a message. */
  react(access: RoomAccess, id: number, emoji: string, on: boolean): Promise<Entry | undefined> {
    const by = this.#policy.write(access), { room } = access;
    const post = splitMessageId(id);
    const mark = keys.reaction(room.id, post?.seq ?? 0, emoji, by.id);
    return this.#change(room, id, 0, [mark], ({ seq, at }, post, [marked]) => {
      if ((typeof marked === "string") === on) return undefined;
      const before = post.reactions.find((reaction) => reaction.emoji === emoji);
      if (!before && post.reactions.length === EMOJI_MAX) {
        throw new ChatError("invalid", `A message carries at most ${EMOJI_MAX} different emoji.`);
      }
      const count = (before?.count ?? 0) + (on ? 1 : -1);
      const entry: ReactionChange = { type: "react", seq, at, by, post: post.seq, emoji, on, count };
      return {
        entry,
        stored: entry,
        targetAfter: after(post, entry),
        mutations: [on ? put(mark, by.name) : remove(mark)],
      };
    });
  }

  /** Pins or unpins a message. */
  pin(access: RoomAccess, id: number, on: boolean): Promise<Entry | undefined> {
    const by = this.#policy.write(access), { room } = access;
    return this.#change(room, id, 0, [], ({ seq, at }, post) => {
      if (post.pinned === on) return undefined;
      const entry: PinChange = { type: "pin", seq, at, by, post: post.seq, on };
      return { entry, stored: entry, targetAfter: after(post, entry) };
    });
  }

  async #change(
    room: Room,
    id: number,
    size: number,
    reads: readonly Key<unknown>[],
    build: (slot: Slot, post: Post, values: readonly unknown[]) => Built | undefined,
  ): Promise<Entry | undefined> {
    const appended = await this.#log.append(room.id, {
      target: seqIn(room, id),
      reads,
      size,
      mutations: MUTATIONS_PER_MENTION * MENTIONS_MAX + 2,
      build: (slot, { target, values }) => build(slot, livePost(target), values),
    });
    return appended.outcome === "committed" ? appended.entry : undefined;
  }

  /**
   * The message with this id.
   *
   * @throws {ChatError} `message_not_found`.
   */
  async get(room: Room, id: number): Promise<Post> {
    const post = await this.#log.post(room.id, seqIn(room, id));
    if (!post) throw new ChatError("message_not_found");
    return post;
  }

  /**
   * A page of a room's messages. `before`, `after` and `around` may name a message that is gone.
   *
   * @throws {ChatError} `message_not_found` for an id that this room never gave.
   */
  async page(room: Room, { limit, before, after, around }: PageRequest): Promise<Page> {
    const named = before ?? after ?? around;
    if (named !== undefined && seqIn(room, named) > ((await this.#log.head(room.id))?.seq ?? 0)) {
      throw new ChatError("message_not_found");
    }
    if (around !== undefined) {
      const middle = seqIn(room, around), half = Math.floor(limit / 2);
      const [older, newer] = await Promise.all([
        this.#log.postsBefore(room.id, middle, half + 1),
        this.#log.postsAfter(room.id, middle - 1, limit - half + 1),
      ]);
      return {
        posts: [...older.slice(older.length - Math.min(half, older.length)), ...newer.slice(0, limit - half)],
        older: older.length > half,
        newer: newer.length > limit - half,
      };
    }
    if (after !== undefined) {
      const seq = seqIn(room, after);
      const posts = await this.#log.postsAfter(room.id, seq, limit + 1);
      return { posts: posts.slice(0, limit), older: true, newer: posts.length > limit };
    }
    const posts = before === undefined
      ? await this.#log.newest(room.id, limit + 1)
      : await this.#log.postsBefore(room.id, seqIn(room, before), limit + 1);
    return { posts: posts.slice(-limit), older: posts.length > limit, newer: before !== undefined };
  }

  /** Every answer to a message, oldest first, at most `limit`. */
  thread(room: Room, id: number, limit: number): Promise<Post[]> {
    return this.#log.replies(room.id, seqIn(room, id), limit);
  }

  /** Posts as one person sees them: only their own with a nonce, and `mine` on every reaction. */
  async seenBy(reader: Person | undefined, room: number, posts: readonly Post[]): Promise<Post[]> {
    const id = reader?.id ?? "";
    // A reaction lists its first people only.
    const unclear = !reader
      ? []
      : posts.flatMap(({ seq, reactions }) =>
        reactions.filter((reaction) => isMine(reaction, id) === undefined).map((reaction) => ({ seq, reaction }))
      );
    const chosen = await this.#log.chosenBy(room, id, unclear);
    return posts.map(({ nonce, ...post }) => ({
      ...post,
      ...(nonce === undefined || post.by.id !== id ? {} : { nonce }),
      reactions: post.reactions.map((reaction) => ({
        ...reaction,
        mine: isMine(reaction, id) ?? chosen.has(reaction),
      })),
    }));
  }
}

function after(post: Post, entry: Entry): Post {
  return changed(post, entry) ?? post;
}

function seqIn(room: Room, id: number): number {
  const place = splitMessageId(id);
  if (place?.room !== room.id) throw new ChatError("message_not_found");
  return place.seq;
}

function livePost(entry: StoredEntry | null): Post {
  if (entry?.type !== "post") throw new ChatError("message_not_found");
  return entry;
}
