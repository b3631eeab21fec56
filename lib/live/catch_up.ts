/**
 * What a resuming socket missed. Sockets that lost a room together come back together, so each entry is encoded once per
 * codec.
 * @module
 */
import type { Messages } from "@/lib/chat/messages.ts";
import type { Subscription } from "@/lib/live/connection.ts";
import { type Position, recovery } from "@/lib/live/feed.ts";
import type { RoomChannel } from "@/lib/live/room_channel.ts";
import { metrics } from "@/lib/metrics.ts";
import type { Entry } from "@/lib/model/entry.ts";
import { REACTION_NAMES } from "@/lib/model/limits.ts";
import type { Room } from "@/lib/model/room.ts";
import { type Codec, framesOf, withNonce } from "@/lib/protocols/codec.ts";

/** Entries in one frame. */
const FRAME_ENTRIES = 200;

/** Sends what was missed. */
export class CatchUp {
  readonly #messages: Messages;
  readonly #texts = new Map<Codec, WeakMap<Entry, string>>();

  /** @param messages Says which reactions are the reader's own. */
  constructor(messages: Messages) {
    this.#messages = messages;
  }

  /**
   * Sends entries until the socket stands where the feed stands, and makes it live in the same turn, so that no entry
   * falls between. Stops where the socket leaves the room, or is removed from it, meanwhile.
   */
  async run(subscription: Subscription, channel: RoomChannel, { after = 0, epoch }: Position): Promise<void> {
    const { subscriber } = subscription, { codec } = subscriber, { feed, subscriptions } = channel;
    while (subscriptions.has(subscription)) {
      const need = recovery({ after, epoch }, feed.head);
      if (need !== "entries") {
        if (need === "reset") {
          metrics.resets++;
          subscriber.send(codec.reset?.(channel.room, feed.head));
        } else metrics.resumes++;
        subscription.live = true;
        return;
      }
      const missed = await this.#asSeen(subscription, await feed.since(after));
      if (!subscriptions.has(subscription)) return;
      for (let from = 0; from < missed.length; from += FRAME_ENTRIES) {
        for (const frame of this.#frames(subscription, channel.room, missed.slice(from, from + FRAME_ENTRIES))) {
          subscriber.send(frame);
        }
      }
      after = missed.at(-1)?.seq ?? feed.head.seq;
    }
  }

  /** A reaction of many doesn't list all of them, so whether it's the reader's own has to be looked up. */
  async #asSeen({ person, room }: Subscription, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const posts = entries.filter((entry) => entry.type === "post").filter(({ reactions }) =>
      reactions.some(({ count }) => count > REACTION_NAMES)
    );
    if (person === null || posts.length === 0) return entries;
    const seen = new Map((await this.#messages.seenBy(person, room, posts)).map((post) => [post.seq, post]));
    return entries.map((entry) => seen.get(entry.seq) ?? entry);
  }

  #frames({ subscriber: { codec }, person }: Subscription, room: Room, entries: readonly Entry[]): readonly string[] {
    const texts: string[] = [];
    for (const entry of entries) {
      const text = this.#encode(codec, room, entry);
      if (text === undefined) continue;
      const isOwn = entry.type === "post" && entry.nonce !== undefined && entry.by.id === person?.id;
      texts.push(isOwn ? withNonce(text, entry.nonce) : text);
    }
    return framesOf(codec, room, entries[0]!.seq, texts);
  }

  #encode(codec: Codec, room: Room, entry: Entry): string | undefined {
    let known = this.#texts.get(codec);
    if (!known) this.#texts.set(codec, known = new WeakMap());
    let text = known.get(entry);
    if (text === undefined && (text = codec.entry(room, entry)) !== undefined) known.set(entry, text);
    return text;
  }
}
