/**
 * A room's sockets in this process, and what is delivered to them. Entries are encoded once per protocol.
 * @module
 */
import type { RoomAccess } from "@/lib/chat/policy.ts";
import type { Entry, MemberChange } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Subscriber, Subscription } from "@/lib/live/connection.ts";
import type { Feed } from "@/lib/live/feed.ts";
import { RoomPresence } from "@/lib/live/room_presence.ts";
import type { WriteScheduler } from "@/lib/live/write_scheduler.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Codec, framesOf, oncePerCodec, withNonce } from "@/lib/protocols/codec.ts";
import { startSpan } from "@/lib/tracing.ts";

/** What a room channel calls. */
export interface RoomChannelDelegate {
  /** Who is here, or who types, has changed in this process. */
  onPresence(): void;
  /** A person may not read the room any more. */
  onRemoved(subscription: Subscription): void;
}

/** Read marks are sent in rooms of up to this many people. */
const READ_MARKS_MAX = 20;

/** A room's sockets in this process. */
export class RoomChannel {
  /** The room as it is now. */
  room: Room;
  readonly subscriptions = new Set<Subscription>();
  readonly presence: RoomPresence;
  /** Bumped on every role change: a role that was read meanwhile has to be read again. */
  roleVersion = 0;
  readonly #scheduler: WriteScheduler;
  readonly #delegate: RoomChannelDelegate;

  /** @param feed Where the room's entries come from. */
  constructor(room: Room, readonly feed: Feed, scheduler: WriteScheduler, delegate: RoomChannelDelegate) {
    this.room = room;
    this.#scheduler = scheduler;
    this.#delegate = delegate;
    this.presence = new RoomPresence(() => this.room, this.subscriptions, () => delegate.onPresence());
  }

  /** What a socket's actor is in this room, as far as this process knows. */
  access({ actor, subscriptions }: Subscriber): RoomAccess {
    return { actor, room: this.room, role: subscriptions.get(this.room.id)?.role ?? null };
  }

  /** Delivers entries to every live socket, with the nonces to their authors. */
  deliver(entries: readonly Entry[]): void {
    const span = startSpan("deliver")?.setAttributes({
      "hubbub.entries": entries.length,
      "hubbub.sockets": this.subscriptions.size,
    });
    const posts = new Map<string, Post[]>(), changes: MemberChange[] = [];
    for (const entry of entries) {
      if (entry.type === "post") this.#applyPost(entry, posts);
      else if (entry.type === "member") changes.push(entry);
      else if (entry.type === "room") {
        const { name, description, archived } = entry;
        this.room = { ...this.room, name, description, archived };
      }
    }
    this.#fanOut(entries, posts, changes);
    for (const change of changes) this.#changeRole(change);
    // Those of one commit have one date.
    const { at } = entries[0]!;
    this.#scheduler.afterFlush(() => {
      metrics.deliverySeconds.observe(Math.max(0, Date.now() - at) / 1000, entries.length);
      span?.end();
    });
  }

  #applyPost(post: Post, byAuthor: Map<string, Post[]>): void {
    this.presence.stopTyping(post.by);
    if (post.nonce === undefined) return;
    const others = byAuthor.get(post.by.id);
    if (others) others.push(post);
    else byAuthor.set(post.by.id, [post]);
  }

  /** @param posts Those with a nonce, by author. */
  #fanOut(
    entries: readonly Entry[],
    posts: ReadonlyMap<string, readonly Post[]>,
    changes: readonly MemberChange[],
  ): void {
    const shared = oncePerCodec((codec) => encode(codec, this.room, entries));
    const copies: { subscriber: Subscriber; frames: readonly string[] }[] = [];
    let longest = 0;
    for (const { subscriber, live, person } of this.subscriptions) {
      if (!live) continue;
      const removal = changes.length === 0
        ? undefined
        : changes.find((change) => change.member.id === person?.id && this.#removes(change));
      const encoded = removal
        ? encode(subscriber.codec, this.room, entries.slice(0, entries.indexOf(removal) + 1))
        : shared(subscriber.codec);
      const own = person ? posts.get(person.id) : undefined;
      const frames = own ? withNonces(encoded, own) : encoded.frames;
      copies.push({ subscriber, frames });
      longest = Math.max(longest, frames.length);
    }
    // Frame by frame and not socket by socket: writes to one socket in a row cost the system a fifth more.
    for (let index = 0; index < longest; index++) {
      for (const { subscriber, frames } of copies) subscriber.send(frames[index]);
    }
  }

  #changeRole(change: MemberChange): void {
    this.roleVersion++;
    for (const subscription of [...this.subscriptions]) {
      if (subscription.person?.id !== change.member.id) continue;
      subscription.role = change.role;
      if (this.#removes(change)) this.#delegate.onRemoved(subscription);
    }
  }

  /** Whether the change takes away the right to read. */
  #removes({ role }: MemberChange): boolean {
    return role === "banned" || (role === null && this.room.kind !== "public");
  }

  /** Takes a socket out. After a clean close its person leaves at once, otherwise after a grace period. */
  leave(subscription: Subscription, clean: boolean): void {
    if (!this.subscriptions.delete(subscription)) return;
    const { person, present } = subscription;
    if (person && present) this.presence.leave(person, clean);
  }

  /** Sends that a person has read up to `seq`. */
  sendRead(by: Person, seq: number): void {
    if (this.presence.state.size > READ_MARKS_MAX) return;
    const frame = oncePerCodec((codec) => codec.read?.(this.room, by, seq));
    for (const { subscriber } of this.subscriptions) subscriber.send(frame(subscriber.codec));
  }
}

/** Entries in one protocol: the frames that carry them, and which entry is where. */
interface Encoded {
  readonly frames: readonly string[];
  readonly seqs: readonly number[];
  /** Where each entry ends in the one frame that has them all; undefined where each has its own. */
  readonly ends: readonly number[] | undefined;
}

function encode(codec: Codec, room: Room, entries: readonly Entry[]): Encoded {
  const seqs: number[] = [], texts: string[] = [];
  for (const entry of entries) {
    const text = codec.entry(room, entry);
    if (text === undefined) continue;
    seqs.push(entry.seq);
    texts.push(text);
  }
  const from = entries[0]!.seq, frames = framesOf(codec, room, from, texts);
  if (!codec.batch) return { frames, seqs, ends: undefined };
  let end = codec.batch(room, from, texts.length)[0].length - 1;
  return { frames, seqs, ends: texts.map(({ length }) => end += length + 1) };
}

/** The frames for the author of some of the entries, who gets their nonces; `own` in the order of the entries. */
function withNonces({ frames, seqs, ends }: Encoded, own: readonly Post[]): readonly string[] {
  const copies = [...frames], [shared = ""] = frames, pieces: string[] = [];
  let index = 0, from = 0;
  for (const { seq, nonce } of own) {
    while (index < seqs.length && seqs[index]! < seq) index++;
    if (seqs[index] !== seq || nonce === undefined) continue;
    if (ends === undefined) copies[index] = withNonce(copies[index]!, nonce);
    else pieces.push(withNonce(shared.slice(from, from = ends[index]!), nonce));
  }
  return ends === undefined ? copies : [pieces.join("") + shared.slice(from)];
}
