/**
 * Who is in a room and who types, as its sockets are told: each time what has changed since the last time.
 * @module
 */
import type { Room } from "@/lib/model/room.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import { Presence, samePerson } from "@/lib/live/presence.ts";
import type { Connection } from "@/lib/live/connection.ts";
import type { Subscription } from "@/lib/live/room_channel.ts";
import { type Codec, oncePerCodec } from "@/lib/protocols/codec.ts";
import type { InstancePresence } from "@/lib/model/cluster.ts";

/** In a room of more people than this, news about people goes out at most once in {@link CROWD_MS}. */
export const LARGE_ROOM = 100;
const CROWD_MS = 1_000;
/** And, since a list is as long as the crowd is large, at most once in so many milliseconds for each of them. */
const CROWD_MS_EACH = 1;

type Timer = ReturnType<typeof setTimeout>;

/** The people of one room. */
export class RoomPresence {
  readonly presence = new Presence();
  readonly #room: () => Room;
  readonly #subscriptions: ReadonlySet<Subscription>;
  readonly #onOwn: () => void;
  /** The list of people in each protocol, until it changes; in a crowd, until everybody is told of a change. */
  readonly #lists = new Map<Codec, string | undefined>();
  #told: ReadonlyMap<string, Present> = new Map();
  #typingTold: readonly Person[] = [];
  #expiry: { timer: Timer; at: number } | undefined;
  #crowdTimer: Timer | undefined;
  #crowdToldAt = -Infinity;

  /**
   * @param subscriptions Those who are told.
   * @param onOwn Called when something changed that other instances have to know.
   */
  constructor(room: () => Room, subscriptions: ReadonlySet<Subscription>, onOwn: () => void) {
    this.#room = room;
    this.#subscriptions = subscriptions;
    this.#onOwn = onOwn;
  }

  /** Takes what another instance tells of this room; null for nobody. */
  tellElsewhere(instance: string, told: InstancePresence | null): void {
    this.presence.tellElsewhere(instance, told);
    this.#tellTyping();
    this.#changed();
  }

  /** Lets a socket in: it is told who is here, the others that it came. */
  enter(subscription: Subscription): void {
    const { connection, person } = subscription, { codec } = connection;
    subscription.present = true;
    const came = person !== null && this.presence.enter(person);
    if (came && !this.#crowded) this.#lists.clear();
    connection.send(this.#list(codec));
    // In a crowd it hears of itself with the others.
    if (person && codec.echoesJoin && !(came && this.#crowded)) {
      for (const frame of codec.joined?.(this.#room(), [person], this.presence.people) ?? []) connection.send(frame);
    }
    this.#greet(connection, person);
    if (!came) return;
    this.#onOwn();
    this.#changed(connection);
  }

  #greet(connection: Connection, person: Person | null): void {
    const { codec } = connection, names = this.presence.typingBeside(person);
    if (names.length === 0) return;
    if (!codec.typed) return connection.send(codec.typing?.(this.#room(), names));
    for (const other of this.presence.typing) {
      if (!person || !samePerson(other, person)) connection.send(codec.typed(this.#room(), other, true));
    }
  }

  /** Lets a person's socket out. After a goodbye the name leaves at once, otherwise after a grace. */
  leave(person: Person, clean: boolean): void {
    const left = this.presence.leave(person, clean, performance.now());
    if (left) this.#ownChanged();
    this.#scheduleExpiry();
  }

  /** Somebody says something of themselves. */
  status(person: Person, status: Status): void {
    if (this.presence.tell(person, status)) this.#ownChanged();
  }

  /** Someone types, or has stopped. */
  type(person: Person, on: boolean): void {
    if (this.presence.type(person, on, performance.now())) this.#ownTyping();
    this.#scheduleExpiry();
  }

  /** Someone has said what they typed. */
  said(person: Person): void {
    if (this.presence.type(person, false, 0)) this.#ownTyping();
  }

  #ownTyping(): void {
    this.#onOwn();
    this.#tellTyping();
  }

  #ownChanged(): void {
    this.#onOwn();
    this.#tellTyping();
    this.#changed();
  }

  /** Stops the timers. */
  close(): void {
    clearTimeout(this.#expiry?.timer);
    clearTimeout(this.#crowdTimer);
  }

  /** Whether so many are here that news about people is told more rarely. */
  get crowded(): boolean {
    return this.presence.size > LARGE_ROOM;
  }

  get #crowded(): boolean {
    return this.presence.size > LARGE_ROOM || this.#crowdTimer !== undefined;
  }

  #list(codec: Codec): string | undefined {
    if (!this.#lists.has(codec)) this.#lists.set(codec, codec.people?.(this.#room(), this.presence.people));
    return this.#lists.get(codec);
  }

  /** News about people: at once, or together with more of it in a crowd. */
  #changed(joiner?: Connection): void {
    if (!this.#crowded) {
      this.#lists.clear();
      return this.#tell(joiner);
    }
    if (this.#crowdTimer !== undefined) return;
    const due = this.#crowdToldAt + this.presence.size * CROWD_MS_EACH;
    this.#crowdTimer = setTimeout(() => {
      this.#crowdTimer = undefined;
      this.#crowdToldAt = performance.now();
      this.#lists.clear();
      this.#tell();
    }, Math.max(CROWD_MS, due - performance.now()));
  }

  #tell(joiner?: Connection): void {
    const room = this.#room(), here = this.presence.people, before = this.#told;
    const now = this.#told = this.presence.byName;
    const came = [...now].flatMap(([name, person]) => before.has(name) ? [] : [person]);
    const went = [...before].flatMap(([name, person]) => now.has(name) ? [] : [person]);
    const changed = [...now].some(([name, { status }]) => !sameStatus(before.get(name)?.status, status));
    if (came.length === 0 && went.length === 0 && !changed) return;
    const news = oncePerCodec((codec) => ({
      joined: came.length > 0 ? codec.joined?.(room, came, here) ?? [] : [],
      left: went.length > 0 ? codec.left?.(room, went, here) ?? [] : [],
    }));
    for (const { connection, person } of this.#subscriptions) {
      if (connection === joiner) continue;
      const { codec } = connection, { joined, left } = news(codec);
      const onlyOneself = came.length === 1 && person !== null && samePerson(came[0]!, person);
      if (!onlyOneself || codec.echoesJoin) { for (const frame of joined) connection.send(frame); }
      for (const frame of left) connection.send(frame);
      connection.send(this.#list(codec));
    }
  }

  /** Tells who types to everyone whose view of the others has changed. */
  #tellTyping(): void {
    const room = this.#room(), now = this.presence.typing, before = this.#typingTold;
    this.#typingTold = now;
    const began = beside(now, before), ended = beside(before, now), changed = [...began, ...ended];
    if (changed.length === 0) return;
    const shared = oncePerCodec((codec) => codec.typing?.(room, now.map(({ name }) => name)));
    const each = oncePerCodec(({ typed }) => [
      ...began.map((person) => ({ person, frame: typed?.(room, person, true) })),
      ...ended.map((person) => ({ person, frame: typed?.(room, person, false) })),
    ]);
    for (const { connection, person } of this.#subscriptions) {
      const { codec } = connection;
      const own = (other: Person) => person !== null && samePerson(other, person);
      if (changed.every(own)) continue;
      if (codec.typed) {
        for (const { person: other, frame } of each(codec)) if (!own(other)) connection.send(frame);
      } else if (now.some(own)) connection.send(codec.typing?.(room, this.presence.typingBeside(person)));
      else connection.send(shared(codec));
    }
  }

  /** One timer a room, for whoever's grace or typing ends first. */
  #scheduleExpiry(): void {
    const at = this.presence.nextExpiry;
    if (at === undefined || (this.#expiry && this.#expiry.at <= at)) return;
    clearTimeout(this.#expiry?.timer);
    const timer = setTimeout(() => {
      this.#expiry = undefined;
      const { left, typing } = this.presence.expire(performance.now());
      if (left) this.#ownChanged();
      else if (typing) this.#ownTyping();
      this.#scheduleExpiry();
    }, Math.max(0, at - performance.now()));
    this.#expiry = { timer, at };
  }
}

function sameStatus(one: Status | undefined, other: Status | undefined): boolean {
  return one?.state === other?.state && one?.text === other?.text;
}

/** Those of `people` who are not among `others`. */
function beside(people: readonly Person[], others: readonly Person[]): Person[] {
  return people.filter((person) => !others.some((other) => samePerson(other, person)));
}
