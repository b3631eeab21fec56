/**
 * Sends a room's sockets who is there and who types: each time the difference from what was sent before.
 * @module
 */
import type { InstancePresence } from "@/lib/model/cluster.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Subscriber, Subscription } from "@/lib/live/connection.ts";
import { Presence, samePerson } from "@/lib/live/presence.ts";
import { type Codec, oncePerCodec } from "@/lib/protocols/codec.ts";

/** In a room of more people than this, presence is sent at most once in {@link LARGE_ROOM_MS}. */
export const LARGE_ROOM = 100;
const LARGE_ROOM_MS = 1_000;
/** And, since a list is as long as the room is large, at most once in this many milliseconds per person. */
const LARGE_ROOM_MS_PER_PERSON = 1;

type Timer = ReturnType<typeof setTimeout>;

/** The people of one room, and what its sockets know of them. */
export class RoomPresence {
  readonly state = new Presence();
  readonly #room: () => Room;
  readonly #subscriptions: ReadonlySet<Subscription>;
  readonly #onChange: () => void;
  /** The list of people per codec, until it changes; in a large room, until the change is sent. */
  readonly #lists = new Map<Codec, string | undefined>();
  #sentPeople: ReadonlyMap<string, Present> = new Map();
  #sentTyping: ReadonlyMap<string, Person> = new Map();
  #expiry: { timer: Timer; at: number } | undefined;
  #batchTimer: Timer | undefined;
  #batchSentAt = -Infinity;

  /**
   * @param subscriptions The sockets that are sent to.
   * @param onChange Called when something changed that other instances have to know.
   */
  constructor(room: () => Room, subscriptions: ReadonlySet<Subscription>, onChange: () => void) {
    this.#room = room;
    this.#subscriptions = subscriptions;
    this.#onChange = onChange;
  }

  /** Takes over who is here at another instance; null for no one. */
  applyRemote(instance: string, remote: InstancePresence | null): void {
    this.state.applyRemote(instance, remote);
    this.#sendTyping();
    this.#peopleChanged();
  }

  /** A socket's person arrives: the socket is sent who is here, the others that there's one more. */
  enter(subscription: Subscription): void {
    const { subscriber, person } = subscription, { codec } = subscriber;
    subscription.present = true;
    const isNew = person !== null && this.state.enter(person);
    if (isNew && !this.#isBatching) this.#lists.clear();
    subscriber.send(this.#list(codec));
    // In a large room its own arrival comes with the others'.
    if (person && codec.echoesJoin && !(isNew && this.#isBatching)) {
      for (const frame of codec.joined?.(this.#room(), [person], this.state.people) ?? []) subscriber.send(frame);
    }
    this.#sendTypingTo(subscriber, person);
    if (!isNew) return;
    this.#onChange();
    this.#peopleChanged(subscriber);
  }

  #sendTypingTo(subscriber: Subscriber, person: Person | null): void {
    const { codec } = subscriber, typing = this.state.typingWithout(person);
    if (codec.typed) { for (const other of typing) subscriber.send(codec.typed(this.#room(), other, true)); }
    else if (typing.length > 0) subscriber.send(codec.typing?.(this.#room(), namesOf(typing)));
  }

  /** A socket of a person leaves. After a clean close the person leaves at once, otherwise after a grace period. */
  leave(person: Person, clean: boolean): void {
    if (this.state.leave(person, clean, performance.now())) this.#localPeopleChanged();
    this.#scheduleExpiry();
  }

  /** Sets a person's status. */
  setStatus(person: Person, status: Status): void {
    if (this.state.setStatus(person, status)) this.#localPeopleChanged();
  }

  /** Starts or stops a person's typing. */
  setTyping(person: Person, on: boolean): void {
    if (this.state.setTyping(person, on, performance.now())) this.#localTypingChanged();
    this.#scheduleExpiry();
  }

  /** Ends a person's typing, as their message has arrived. */
  stopTyping(person: Person): void {
    if (this.state.setTyping(person, false, 0)) this.#localTypingChanged();
  }

  #localTypingChanged(): void {
    this.#onChange();
    this.#sendTyping();
  }

  #localPeopleChanged(): void {
    this.#onChange();
    this.#sendTyping();
    this.#peopleChanged();
  }

  /** Stops the timers. */
  close(): void {
    clearTimeout(this.#expiry?.timer);
    clearTimeout(this.#batchTimer);
  }

  /** Whether there are so many people that presence is sent less often. */
  get isLarge(): boolean {
    return this.state.size > LARGE_ROOM;
  }

  get #isBatching(): boolean {
    return this.isLarge || this.#batchTimer !== undefined;
  }

  #list(codec: Codec): string | undefined {
    if (!this.#lists.has(codec)) this.#lists.set(codec, codec.people?.(this.#room(), this.state.people));
    return this.#lists.get(codec);
  }

  /** Sends the change at once, or, in a large room, together with others. */
  #peopleChanged(except?: Subscriber): void {
    if (!this.#isBatching) {
      this.#lists.clear();
      return this.#sendPeople(except);
    }
    if (this.#batchTimer !== undefined) return;
    const due = this.#batchSentAt + this.state.size * LARGE_ROOM_MS_PER_PERSON;
    this.#batchTimer = setTimeout(() => {
      this.#batchTimer = undefined;
      this.#batchSentAt = performance.now();
      this.#lists.clear();
      this.#sendPeople();
    }, Math.max(LARGE_ROOM_MS, due - performance.now()));
  }

  #sendPeople(except?: Subscriber): void {
    const room = this.#room(), here = this.state.people, before = this.#sentPeople;
    const now = this.#sentPeople = this.state.byName;
    const came = missing(now, before), left = missing(before, now);
    const hasNewStatus = [...now].some(([name, { status }]) => !sameStatus(before.get(name)?.status, status));
    if (came.length === 0 && left.length === 0 && !hasNewStatus) return;
    const frames = oncePerCodec((codec) => ({
      joined: came.length > 0 ? codec.joined?.(room, came, here) ?? [] : [],
      left: left.length > 0 ? codec.left?.(room, left, here) ?? [] : [],
    }));
    for (const { subscriber, person, present } of this.#subscriptions) {
      // Who still catches up gets the list afterwards.
      if (subscriber === except || !present) continue;
      const { codec } = subscriber, { joined, left } = frames(codec);
      const isOnlyTheirs = came.length === 1 && person !== null && samePerson(came[0]!, person);
      if (!isOnlyTheirs || codec.echoesJoin) { for (const frame of joined) subscriber.send(frame); }
      for (const frame of left) subscriber.send(frame);
      subscriber.send(this.#list(codec));
    }
  }

  /** Sends who types to every socket for which that changed: no one is sent their own typing. */
  #sendTyping(): void {
    const room = this.#room(), before = this.#sentTyping, now = this.#sentTyping = this.state.typing;
    const started = missing(now, before), stopped = missing(before, now), changed = [...started, ...stopped];
    if (changed.length === 0) return;
    const all = oncePerCodec((codec) => codec.typing?.(room, namesOf([...now.values()])));
    const each = oncePerCodec(({ typed }) => [
      ...started.map((person) => ({ person, frame: typed?.(room, person, true) })),
      ...stopped.map((person) => ({ person, frame: typed?.(room, person, false) })),
    ]);
    for (const { subscriber, person, present } of this.#subscriptions) {
      const { codec } = subscriber;
      const isOwn = (other: Person) => person !== null && samePerson(other, person);
      if (!present || changed.every(isOwn)) continue;
      if (codec.typed) {
        for (const { person: other, frame } of each(codec)) if (!isOwn(other)) subscriber.send(frame);
      } else if (now.values().some(isOwn)) {
        subscriber.send(codec.typing?.(room, namesOf(this.state.typingWithout(person))));
      } else subscriber.send(all(codec));
    }
  }

  /** One timer per room, for the grace period or typing that ends first. */
  #scheduleExpiry(): void {
    const at = this.state.nextExpiry;
    if (at === undefined || (this.#expiry && this.#expiry.at <= at)) return;
    clearTimeout(this.#expiry?.timer);
    const timer = setTimeout(() => {
      this.#expiry = undefined;
      const { left, typing } = this.state.expire(performance.now());
      if (left) this.#localPeopleChanged();
      else if (typing) this.#localTypingChanged();
      this.#scheduleExpiry();
    }, Math.max(0, at - performance.now()));
    this.#expiry = { timer, at };
  }
}

function sameStatus(one: Status | undefined, other: Status | undefined): boolean {
  return one?.state === other?.state && one?.text === other?.text;
}

/** The people in `all` whose name isn't in `others`. */
function missing(all: ReadonlyMap<string, Person>, others: ReadonlyMap<string, Person>): Person[] {
  return [...all].flatMap(([name, person]) => others.has(name) ? [] : [person]);
}

function namesOf(people: readonly Person[]): string[] {
  return people.map(({ name }) => name);
}
