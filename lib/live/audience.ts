/**
 * The sockets that look at one room here: who they are, what they are told. A frame is encoded once per protocol.
 * @module
 */
import type { Person, Room } from "@/lib/chat/entries.ts";
import { Presence, samePerson } from "@/lib/chat/presence.ts";
import type { Connection } from "@/lib/live/connection.ts";
import type { Feed } from "@/lib/live/feed.ts";
import { type Codec, oncePerCodec, withNonce } from "@/lib/protocol/codec.ts";
import type { Committed } from "@/lib/store/drafts.ts";

/** A socket in a room. Until it is `live` it still reads what it missed. */
export interface Subscription {
  readonly connection: Connection;
  readonly audience: Audience;
  /** The name under which it is here, or null for somebody who only looks. */
  readonly person: Person | null;
  live: boolean;
  /** Whether it counts among those who are here: not while it reads, for the first time, what it missed. */
  present: boolean;
}

/** In a room of more people than this, news about people goes out at most once in {@link CROWD_MS}. */
export const CROWD = 100;
const CROWD_MS = 1_000;
/** Read marks go out in rooms of up to this many people. */
const READ_MARKS = 20;

type Timer = ReturnType<typeof setTimeout>;

/** One room's sockets in this process. */
export class Audience {
  /** The room as it is now. */
  room: Room;
  readonly presence = new Presence();
  readonly subscriptions = new Set<Subscription>();
  readonly #frames = new Map<Codec, string | undefined>();
  #expiry: { timer: Timer; at: number } | undefined;
  #crowdTimer: Timer | undefined;
  #came: Person[] = [];
  #went: Person[] = [];

  /** @param feed Where the room's entries come from. */
  constructor(room: Room, readonly feed: Feed) {
    this.room = room;
  }

  /** Sends entries to everyone who is live, and to who sent them their nonces. */
  deliver(entries: readonly Committed[]): void {
    const own = new Map<object, Map<number, string>>();
    for (const { entry, origin, nonce } of entries) {
      if (entry.type === "room") {
        const { name, description, archived } = entry;
        this.room = { ...this.room, name, description, archived };
      }
      if (entry.type === "post" && this.presence.type(entry.by, false, 0)) this.#tellTyping(entry.by);
      if (origin && nonce !== undefined) {
        const nonces = own.get(origin);
        if (nonces) nonces.set(entry.seq, nonce);
        else own.set(origin, new Map([[entry.seq, nonce]]));
      }
    }
    const shared = oncePerCodec((codec) => encode(codec, this.room.id, entries));
    const copies: { connection: Connection; frames: readonly string[] }[] = [];
    let longest = 0;
    for (const { connection, live } of this.subscriptions) {
      if (!live) continue;
      const encoded = shared(connection.codec);
      const nonces = own.get(connection);
      const frames = nonces ? tagged(connection.codec, this.room.id, encoded, nonces) : encoded.frames;
      copies.push({ connection, frames });
      longest = Math.max(longest, frames.length);
    }
    // Frame by frame and not socket by socket: writes to one socket in a row cost the system a fifth more.
    for (let index = 0; index < longest; index++) {
      for (const { connection, frames } of copies) connection.send(frames[index]);
    }
  }

  /** Lets a socket in: it is told who is here, the others that it came. */
  enter(subscription: Subscription): void {
    const { connection, person } = subscription;
    subscription.present = true;
    const came = person !== null && this.presence.enter(person);
    if (came) {
      this.#frames.clear();
      this.#came.push(person);
    }
    connection.send(this.#people(connection.codec));
    const typing = person ? this.presence.typingBeside(person) : this.presence.typing;
    if (typing.length > 0) connection.send(connection.codec.typing(this.room.id, typing));
    if (came) this.#tellPeople(connection);
  }

  /** Lets a socket out. After a goodbye the name leaves at once, otherwise after a grace. */
  leave(subscription: Subscription, clean: boolean): void {
    if (!this.subscriptions.delete(subscription)) return;
    const { person, present } = subscription;
    if (person === null || !present) return;
    const typed = this.presence.typing.length;
    const left = this.presence.leave(person, clean, Date.now());
    if (left) this.#gone([left], typed !== this.presence.typing.length);
    this.#scheduleExpiry();
  }

  /** Someone types, or has stopped. */
  type(person: Person, on: boolean): void {
    if (this.presence.type(person, on, Date.now())) this.#tellTyping(person);
    this.#scheduleExpiry();
  }

  /** Someone has read up to `seq`. */
  read(by: Person, seq: number): void {
    if (this.presence.size > READ_MARKS) return;
    const frame = oncePerCodec((codec) => codec.read(this.room.id, by, seq));
    for (const { connection } of this.subscriptions) connection.send(frame(connection.codec));
  }

  /** Stops the timers. */
  close(): void {
    clearTimeout(this.#expiry?.timer);
    clearTimeout(this.#crowdTimer);
  }

  #people(codec: Codec): string | undefined {
    if (!this.#frames.has(codec)) this.#frames.set(codec, codec.people(this.room.id, this.presence.people));
    return this.#frames.get(codec);
  }

  #gone(people: readonly Person[], typed: boolean): void {
    this.#frames.clear();
    this.#went.push(...people);
    if (typed) this.#tellTyping();
    this.#tellPeople();
  }

  /** News about people: at once, or together with more of it in a crowd. */
  #tellPeople(joiner?: Connection): void {
    if (this.presence.size <= CROWD && this.#crowdTimer === undefined) return this.#sendPeople(joiner);
    this.#crowdTimer ??= setTimeout(() => {
      this.#crowdTimer = undefined;
      this.#sendPeople();
    }, CROWD_MS);
  }

  #sendPeople(joiner?: Connection): void {
    const came = this.#came, went = this.#went;
    this.#came = [];
    this.#went = [];
    const news = oncePerCodec((codec) => ({
      joined: came.length > 0 ? codec.joined(this.room.id, came) : [],
      left: went.length > 0 ? codec.left(this.room.id, went) : [],
    }));
    for (const { connection, person } of this.subscriptions) {
      if (connection === joiner) continue;
      const { codec } = connection, frames = news(codec);
      // Nobody is told that they came themselves.
      if (came.length > 1 || came[0] !== person) { for (const frame of frames.joined) connection.send(frame); }
      for (const frame of frames.left) connection.send(frame);
      connection.send(this.#people(codec));
    }
  }

  /** Tells who types to everyone but the one who began or stopped, whose view of the others is as it was. */
  #tellTyping(but?: Person): void {
    const shared = oncePerCodec((codec) => codec.typing(this.room.id, this.presence.typing));
    for (const { connection, person } of this.subscriptions) {
      const { codec } = connection;
      if (person && but && samePerson(person, but)) continue;
      if (person && this.presence.isTyping(person)) {
        connection.send(codec.typing(this.room.id, this.presence.typingBeside(person)));
        continue;
      }
      connection.send(shared(codec));
    }
  }

  /** One timer a room, for whoever's grace or typing ends first. */
  #scheduleExpiry(): void {
    const at = this.presence.nextExpiry;
    if (at === undefined || (this.#expiry && this.#expiry.at <= at)) return;
    clearTimeout(this.#expiry?.timer);
    const timer = setTimeout(() => {
      this.#expiry = undefined;
      const { left, typing } = this.presence.expire(Date.now());
      if (left.length > 0) this.#gone(left, typing);
      else if (typing) this.#tellTyping();
      this.#scheduleExpiry();
    }, Math.max(0, at - Date.now()));
    this.#expiry = { timer, at };
  }
}

/** Entries in one protocol: each by itself, and the frames that carry them. */
interface Encoded {
  readonly from: number;
  readonly seqs: readonly number[];
  readonly entries: readonly string[];
  readonly frames: readonly string[];
}

function encode(codec: Codec, room: number, entries: readonly Committed[]): Encoded {
  const seqs: number[] = [], texts: string[] = [];
  for (const { entry } of entries) {
    const text = codec.entry(room, entry);
    if (text === undefined) continue;
    seqs.push(entry.seq);
    texts.push(text);
  }
  const from = entries[0]!.entry.seq;
  return { from, seqs, entries: texts, frames: codec.batch ? [codec.batch(room, from, texts)] : texts };
}

function tagged(
  codec: Codec,
  room: number,
  { from, seqs, entries }: Encoded,
  nonces: Map<number, string>,
): readonly string[] {
  const texts = entries.map((text, index) => {
    const nonce = nonces.get(seqs[index]!);
    return nonce === undefined ? text : withNonce(text, nonce);
  });
  return codec.batch ? [codec.batch(room, from, texts)] : texts;
}
