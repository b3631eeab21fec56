/**
 * Messages: posted, edited, deleted, reacted to, pinned, and read. Each change is one entry of the room's log, and is
 * allowed by what holds at its commit.
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
import type { Actor, Policy, RoomAccess } from "@/lib/chat/policy.ts";
import {
  mentionKeys,
  mentionMutations,
  type Mentions,
  MENTIONS_MAX,
  MUTATIONS_PER_MENTION,
} from "@/lib/chat/mentions.ts";
import { accessIn, rightsOf } from "@/lib/chat/rights.ts";
import type { RoomReader } from "@/lib/chat/room_reader.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { Append, Built, Context, Slot } from "@/lib/store/log/append.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { put, remove } from "@/lib/store/commit.ts";

/** A message that someone wants to send; `content` is parsed. */
export interface NewPost {
  readonly content: string;
  readonly nonce?: string | undefined;
  /** Id of the message that this one replies to. */
  readonly replyTo?: number | undefined;
}

/** Where a page of messages is: around, before or after a message's id, or at the end. */
export interface PageRequest {
  readonly limit: number;
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
}

/** A page of messages, oldest first, and whether there are more on either side. */
export interface Page {
  readonly posts: readonly Post[];
  readonly older: boolean;
  readonly newer: boolean;
}

/** A post, and whether its nonce had made it before. */
export interface Posted {
  readonly post: Post;
  readonly repeated: boolean;
}

/** Who reacted to a deleted message is removed. */
const SWEEP_REACTIONS: JobKind<{ readonly room: number; readonly seq: number }> = {
  name: "sweep_reactions",
  payload: z.object({ room: z.int(), seq: z.int() }),
};

/** A post to change, by whom, and the values of the append's `reads`. */
interface Target {
  readonly post: Post;
  readonly access: RoomAccess;
  readonly values: readonly unknown[];
}

/** The messages of all rooms. */
export class Messages {
  /** Over the rooms' logs. */
  constructor(
    private readonly log: Log,
    private readonly rooms: RoomReader,
    private readonly jobs: Jobs,
    private readonly policy: Policy,
    private readonly mentions: Mentions,
  ) {
    jobs.handle(SWEEP_REACTIONS, ({ room, seq }, signal) => log.sweepReactions(room, seq, signal));
  }

  /**
   * Posts a message. The same author's same nonce again returns the first message.
   *
   * @throws {ChatError} `message_not_found` for an unknown `replyTo`, `message_deleted` for a nonce whose message is gone,
   * or what the policy says.
   */
  async post(actor: Actor, room: number, { content, nonce, replyTo }: NewPost): Promise<Posted> {
    this.policy.browse(actor);
    const found = actor ? this.mentions.named(room, content, actor.person) : [];
    const named = found instanceof Promise ? await found : found;
    const target = replyTo === undefined ? undefined : seqIn(room, replyTo),
      { members, guard } = rightsOf(actor, named);
    const appended = await this.log.append(room, {
      members,
      guard,
      nonce: actor && nonce !== undefined ? { by: actor.person, value: nonce } : undefined,
      target,
      reads: named.length > 0 ? mentionKeys(room, named) : undefined,
      size: content.length,
      mutations: MUTATIONS_PER_MENTION * named.length + 1,
      build: ({ seq, at }, context) => {
        const by = this.policy.write(accessIn(actor, context));
        if (target !== undefined) livePost(context.target);
        const replyTo = target ?? null;
        const plain: Post = {
          type: "post",
          seq,
          at,
          by,
          content,
          editedAt: null,
          replyTo,
          pinned: false,
          reactions: [],
        };
        const post = nonce === undefined ? plain : { ...plain, nonce };
        if (named.length === 0 && target === undefined) return { entry: post, stored: post };
        return this.#mentioning(post, named, context);
      },
    });
    if (appended.outcome === "repeated") return await this.#first(actor, room, appended.seq);
    if (appended.outcome === "committed" && appended.entry.type === "post") {
      return { post: appended.entry, repeated: false };
    }
    throw new Error("A post neither became an entry nor was one before");
  }

  /** Notes whom a post mentions, of those that it names, and what it replies to. */
  #mentioning(post: Post, named: readonly string[], { room, roles, values }: Context): Built {
    const mentions = named.filter((account) => this.policy.isReader(room, roles.get(account)));
    const noted = values.filter((_, index) => mentions.includes(named[index]!));
    const mutations = mentionMutations(room.id, mentions, noted, post.seq, true);
    if (post.replyTo !== null) mutations.push(put(keys.thread(room.id, post.replyTo, post.seq), true));
    const entry = mentions.length === 0 ? post : { ...post, mentions };
    return { entry, stored: entry, mutations };
  }

  async #first(actor: Actor, room: number, seq: number): Promise<Posted> {
    // A repeat commits nothing, and so nothing has allowed it.
    await this.rooms.require(actor, room);
    const post = await this.log.post(room, seq);
    if (!post) throw new ChatError("message_deleted", "This message was sent before, and has been deleted since.");
    return { post, repeated: true };
  }

  /** Changes a message's content. Returns undefined where it is the same. */
  edit(actor: Actor, id: number, content: string): Promise<Entry | undefined> {
    return this.#change(actor, id, { size: content.length }, ({ seq, at }, { post, access }) => {
      const by = this.policy.write(access);
      this.policy.editMessage(access, post);
      if (post.content === content) return undefined;
      const message = { ...post, content, editedAt: at };
      const entry: Edit = { type: "edit", seq, at, by, message };
      return { entry, stored: { type: "edit", seq, at, by, post: post.seq }, targetAfter: message };
    });
  }

  /** Deletes a message. Its content is nowhere in the store afterwards. */
  delete(actor: Actor, id: number): Promise<Entry | undefined> {
    return this.#delete(actor, id, (access) => this.policy.write(access));
  }

  /** Deletes the actor's own message, in an archived room too: this is about the person, not about the conversation. */
  deleteOwn(actor: Actor, id: number): Promise<Entry | undefined> {
    return this.#delete(actor, id, (access) => this.policy.markRead(access));
  }

  async #delete(actor: Actor, id: number, allow: (access: RoomAccess) => Post["by"]): Promise<Entry | undefined> {
    const place = placeOf(id), { room } = place;
    // Edits leave the mentions as they were.
    const { mentions = [] } = await this.log.post(room, place.seq) ?? {};
    const options = { reads: mentionKeys(room, mentions), mutations: MUTATIONS_PER_MENTION * MENTIONS_MAX + 2 };
    return await this.#change(actor, id, options, ({ seq, at }, { post, access, values }) => {
      const by = allow(access);
      this.policy.deleteMessage(access, post);
      const entry: Deletion = { type: "delete", seq, at, by, post: post.seq };
      const { nonce } = post;
      const tombstone: Deletion = { ...entry, seq: post.seq, by: post.by, ...(nonce === undefined ? {} : { nonce }) };
      const mutations = mentionMutations(room, mentions, values, post.seq, false);
      if (post.replyTo !== null) mutations.push(remove(keys.thread(room, post.replyTo, post.seq)));
      if (post.reactions.length > 0) mutations.push(this.jobs.enqueue(SWEEP_REACTIONS, { room, seq: post.seq }));
      return { entry, stored: entry, targetAfter: tombstone, mutations };
    });
  }

  /** Adds or removes the actor's emoji on a message. Returns undefined where nothing changes. */
  react(actor: Actor, id: number, emoji: string, on: boolean): Promise<Entry | undefined> {
    const place = placeOf(id), mark = keys.reaction(place.room, place.seq, emoji, actor?.person.id ?? "");
    const options = { reads: [mark], mutations: 1 };
    return this.#change(actor, id, options, ({ seq, at }, { post, access, values: [marked] }) => {
      const by = this.policy.write(access);
      if ((typeof marked === "string") === on) return undefined;
      const before = post.reactions.find((reaction) => reaction.emoji === emoji);
      if (!before && post.reactions.length === EMOJI_MAX) {
        throw new ChatError("invalid", `A message can have up to ${EMOJI_MAX} different emoji.`);
      }
      const count = (before?.count ?? 0) + (on ? 1 : -1);
      const entry: ReactionChange = { type: "react", seq, at, by, post: post.seq, emoji, on, count };
      return {
        entry,
        stored: entry,
        targetAfter: changed(post, entry) ?? post,
        mutations: [on ? put(mark, by.name) : remove(mark)],
      };
    });
  }

  /** Pins or unpins a message. Returns undefined where nothing changes. */
  pin(actor: Actor, id: number, on: boolean): Promise<Entry | undefined> {
    return this.#change(actor, id, {}, ({ seq, at }, { post, access }) => {
      const by = this.policy.write(access);
      if (post.pinned === on) return undefined;
      const entry: PinChange = { type: "pin", seq, at, by, post: post.seq, on };
      return { entry, stored: entry, targetAfter: { ...post, pinned: on } };
    });
  }

  async #change(
    actor: Actor,
    id: number,
    options: Omit<Append, "build">,
    build: (slot: Slot, target: Target) => Built | undefined,
  ): Promise<Entry | undefined> {
    const { room, seq } = placeOf(id);
    this.policy.browse(actor);
    try {
      const appended = await this.log.append(room, {
        ...rightsOf(actor),
        ...options,
        target: seq,
        build: (slot, context) => {
          const access = accessIn(actor, context);
          this.policy.read(access);
          return build(slot, { post: livePost(context.target), access, values: context.values });
        },
      });
      return appended.outcome === "committed" ? appended.entry : undefined;
    } catch (error) {
      // A message's id doesn't tell whether there is such a room.
      if (error instanceof ChatError && error.code === "room_not_found") throw new ChatError("message_not_found");
      throw error;
    }
  }

  /**
   * The message with this id.
   *
   * @throws {ChatError} `message_not_found`.
   */
  async get(room: Room, id: number): Promise<Post> {
    const post = await this.log.post(room.id, seqIn(room.id, id));
    if (!post) throw new ChatError("message_not_found");
    return post;
  }

  /**
   * A page of a room's messages. `before`, `after` and `around` can name a message that was deleted.
   *
   * @throws {ChatError} `message_not_found` for an id that this room never gave.
   */
  async page(room: Room, { limit, before, after, around }: PageRequest): Promise<Page> {
    const named = before ?? after ?? around;
    if (named !== undefined && seqIn(room.id, named) > ((await this.log.head(room.id))?.seq ?? 0)) {
      throw new ChatError("message_not_found");
    }
    if (around !== undefined) {
      const middle = seqIn(room.id, around), half = Math.floor(limit / 2);
      const [older, newer] = await Promise.all([
        this.log.postsBefore(room.id, middle, half + 1),
        this.log.postsAfter(room.id, middle - 1, limit - half + 1),
      ]);
      return {
        posts: [...older.slice(older.length - Math.min(half, older.length)), ...newer.slice(0, limit - half)],
        older: older.length > half,
        newer: newer.length > limit - half,
      };
    }
    if (after !== undefined) {
      const posts = await this.log.postsAfter(room.id, seqIn(room.id, after), limit + 1);
      return { posts: posts.slice(0, limit), older: true, newer: posts.length > limit };
    }
    const posts = before === undefined
      ? await this.log.newest(room.id, limit + 1)
      : await this.log.postsBefore(room.id, seqIn(room.id, before), limit + 1);
    return { posts: posts.slice(-limit), older: posts.length > limit, newer: before !== undefined };
  }

  /** The replies to a message, oldest first, at most `limit`. */
  thread(room: Room, id: number, limit: number): Promise<Post[]> {
    return this.log.replies(room.id, seqIn(room.id, id), limit);
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
    const chosen = await this.log.chosenBy(room, id, unclear);
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

function placeOf(id: number): { room: number; seq: number } {
  const place = splitMessageId(id);
  if (!place) throw new ChatError("message_not_found");
  return place;
}

function seqIn(room: number, id: number): number {
  const place = placeOf(id);
  if (place.room !== room) throw new ChatError("message_not_found");
  return place.seq;
}

function livePost(entry: StoredEntry | null): Post {
  if (entry?.type !== "post") throw new ChatError("message_not_found");
  return entry;
}
