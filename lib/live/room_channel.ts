/**
 * The sockets that look at one room here: who they are, what they are told. A frame is encoded once per protocol.
 * @module
 */
import type { Entry, MemberChange } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Actor, RoomAccess } from "@/lib/chat/policy.ts";
import { RoomPresence } from "@/lib/live/room_presence.ts";
import type { Connection } from "@/lib/live/connection.ts";
import type { Feed } from "@/lib/live/feed.ts";
import type { WriteScheduler } from "@/lib/live/write_scheduler.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Codec, framesOf, oncePerCodec, withNonce } from "@/lib/protocols/codec.ts";
import { startSpan } from "@/lib/tracing.ts";

/** A socket in a room, and what its person is there. */
export class Subscription implements RoomAccess {
  /** Until then it still reads what it missed. */
  live = false;
  /** Whether it counts among those who are here: not while it reads, for the first time, what it missed. */
  present = false;
  /** The name under which it is here, or null for somebody who only looks. */
  readonly person: Person | null;

  /** A socket that is about to be let in. */
  constructor(readonly connection: Connection, readonly channel: RoomChannel, public role: Role | null) {
    this.person = connection.actor?.person ?? null;
  }

  /** Who asks on this socket. */
  get actor(): Actor {
    return this.connection.actor;
  }

  /** The room as it is now. */
  get room(): Room {
    return this.channel.room;
  }
}

/** Read marks go out in rooms of up to this many people. */
const READ_MARKS = 20;

/** One room's sockets in this process. */
export class RoomChannel {
  /** The room as it is now. */
  room: Room;
  readonly subscriptions = new Set<Subscription>();
  /** How often somebody has become something else here. */
  roleVersion = 0;
  readonly presence: RoomPresence;
  readonly #outlet: WriteScheduler;

  /**
   * @param feed Where the room's entries come from.
   * @param outlet Through which all frames go.
   * @param onOwn Called when other instances have to know who is here.
   */
  constructor(room: Room, readonly feed: Feed, outlet: WriteScheduler, onOwn: () => void) {
    this.room = room;
    this.#outlet = outlet;
    this.presence = new RoomPresence(() => this.room, this.subscriptions, onOwn);
  }

  /** Sends entries to everyone who is live, with the nonces to those who wrote them. */
  deliver(entries: readonly Entry[]): void {
    const span = startSpan("deliver")?.setAttributes({
      "hubbub.entries": entries.length,
      "hubbub.sockets": this.subscriptions.size,
    });
    const own = new Map<string, Post[]>();
    const seatings: MemberChange[] = [];
    for (const entry of entries) {
      if (entry.type === "room") {
        const { name, description, archived } = entry;
        this.room = { ...this.room, name, description, archived };
      }
      if (entry.type === "member") seatings.push(entry);
      if (entry.type !== "post") continue;
      this.presence.said(entry.by);
      if (entry.nonce === undefined) continue;
      const others = own.get(entry.by.id);
      if (others) others.push(entry);
      else own.set(entry.by.id, [entry]);
    }
    const shared = oncePerCodec((codec) => encode(codec, this.room, entries));
    const copies: { connection: Connection; frames: readonly string[] }[] = [];
    let longest = 0;
    for (const { connection, live, person } of this.subscriptions) {
      if (!live) continue;
      const encoded = shared(connection.codec);
      const sent = person ? own.get(person.id) : undefined;
      const frames = sent ? tagged(encoded, sent) : encoded.frames;
      copies.push({ connection, frames });
      longest = Math.max(longest, frames.length);
    }
    // Frame by frame and not socket by socket: writes to one socket in a row cost the system a fifth more.
    for (let index = 0; index < longest; index++) {
      for (const { connection, frames } of copies) connection.send(frames[index]);
    }
    for (const entry of seatings) this.#seat(entry);
    // Those of one commit have one date.
    const { at } = entries[0]!;
    this.#outlet.afterFlush(() => {
      metrics.deliverySeconds.observe(Math.max(0, Date.now() - at) / 1000, entries.length);
      span?.end();
    });
  }

  /** Somebody became something else here; who may not read on is let out. */
  #seat({ member, role }: MemberChange): void {
    this.roleVersion++;
    for (const subscription of [...this.subscriptions]) {
      if (subscription.person?.id !== member.id) continue;
      subscription.role = role;
      if (role === "banned" || (role === null && this.room.kind !== "public")) {
        subscription.connection.removeFromRoom(subscription);
      }
    }
  }

  /** Lets a socket out. After a goodbye the name leaves at once, otherwise after a grace. */
  leave(subscription: Subscription, clean: boolean): void {
    if (!this.subscriptions.delete(subscription)) return;
    const { person, present } = subscription;
    if (person && present) this.presence.leave(person, clean);
  }

  /** Someone has read up to `seq`. */
  read(by: Person, seq: number): void {
    if (this.presence.presence.size > READ_MARKS) return;
    const frame = oncePerCodec((codec) => codec.read?.(this.room, by, seq));
    for (const { connection } of this.subscriptions) connection.send(frame(connection.codec));
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

/** The frames for the author of some of the entries, in their order: those have their nonces there. */
function tagged({ frames, seqs, ends }: Encoded, sent: readonly Post[]): readonly string[] {
  const own = [...frames], [shared = ""] = frames, pieces: string[] = [];
  let index = 0, from = 0;
  for (const { seq, nonce } of sent) {
    while (index < seqs.length && seqs[index]! < seq) index++;
    if (seqs[index] !== seq || nonce === undefined) continue;
    if (ends === undefined) own[index] = withNonce(own[index]!, nonce);
    else pieces.push(withNonce(shared.slice(from, from = ends[index]!), nonce));
  }
  return ends === undefined ? own : [pieces.join("") + shared.slice(from)];
}
