/**
 * All local sockets, by room: opens a room's feed and watch with its first socket, closes them some time after its last.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Entry, Head, Person, Present, Role, Room } from "@/lib/chat/entries.ts";
import { fold } from "@/lib/chat/fold.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import { accountOf, type Policy } from "@/lib/chat/policy.ts";
import { Presence } from "@/lib/chat/presence.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { Limits } from "@/lib/http/limits.ts";
import { Audience, Subscription } from "@/lib/live/audience.ts";
import type { Connection } from "@/lib/live/connection.ts";
import { Desks, type DeskSources } from "@/lib/live/desks.ts";
import { Feed, recovery } from "@/lib/live/feed.ts";
import { Instances } from "@/lib/live/instances.ts";
import { Outlet } from "@/lib/live/outlet.ts";
import { Watches } from "@/lib/live/watches.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Codec, framesOf, oncePerCodec } from "@/lib/protocol/codec.ts";
import type { Committed } from "@/lib/store/drafts.ts";
import { keys, type News } from "@/lib/store/keys.ts";
import type { Log } from "@/lib/store/log.ts";

/** What a hub calls: its sockets' commands go to `messages` and `reads`, its questions to `policy`. */
export interface HubParts extends DeskSources {
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly policy: Policy;
  /** Null where nothing is limited. */
  readonly limits: Limits | null;
}

/** Where a client that comes back was. */
export interface Position {
  readonly after?: number | undefined;
  readonly epoch?: string | undefined;
}

interface OpenRoom {
  readonly audience: Audience;
  readonly unwatch: () => void;
  /** Since when nobody is here, as `performance.now()` told it; undefined while somebody is. */
  emptySince: number | undefined;
}

/** How long a room without sockets keeps its tail in memory, in milliseconds: those who lost it together come back together. */
const LINGER = 60_000;
const SWEEP_EVERY = 10_000;
/** How long a client may take to say who it is, in milliseconds. */
export const FIRST_FRAME_MS = 10_000;
const CATCH_UP_FRAME = 200;
const NOBODY = { people: [], typing: [], crowded: false };
/** How long a client may take to answer a close when the server goes, in milliseconds. */
const GOODBYE_MS = 3_000;

/** The live side of one process. */
export class Hub {
  readonly connections = new Set<Connection>();
  readonly outlet = new Outlet();
  /** Once true no frame is taken any more: what clients send now they send again to whoever serves them next. */
  draining = false;
  readonly desks: Desks;
  readonly instances: Instances;
  readonly #heads: Watches<number, Head>;
  readonly #rooms = new Map<number, Promise<OpenRoom>>();
  readonly #open = new Map<number, OpenRoom>();
  readonly #deleted = new Set<number>();
  readonly #texts = new Map<Codec, WeakMap<Entry, string>>();
  readonly #sweeper: ReturnType<typeof setInterval>;
  /** Sockets that have perhaps not opened, or not said who they are, and until when they may; in that order. */
  readonly #silent = new Map<Connection, number>();
  #silentTimer: ReturnType<typeof setTimeout> | undefined;

  /** A hub without rooms. */
  constructor(readonly parts: HubParts) {
    this.#heads = new Watches(parts.store, keys.head);
    this.desks = new Desks(parts, this.#heads);
    this.instances = new Instances(parts.store, {
      rooms: () => this.#open.keys(),
      here: (room) => {
        const company = this.#open.get(room)?.audience.company;
        return company ? { ...company.presence.own, crowded: company.crowded } : NOBODY;
      },
      connections: () => this.connections.size,
      onHere: (room, instance, here) => this.#open.get(room)?.audience.company.tellElsewhere(instance, here),
      onNews: (news) => this.#hear(news),
      onOthers: (others) => this.#heads.listen(others),
    });
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY);
    Deno.unrefTimer(this.#sweeper);
  }

  /** Ends a socket that is still {@link Connection.awaited} after {@link FIRST_FRAME_MS}. One timer serves all of them. */
  expect(connection: Connection): void {
    this.#silent.set(connection, performance.now() + FIRST_FRAME_MS);
    this.#silentTimer ??= setTimeout(() => this.#endSilent(), FIRST_FRAME_MS);
  }

  #endSilent(): void {
    this.#silentTimer = undefined;
    const now = performance.now();
    for (const [connection, until] of this.#silent) {
      if (!this.connections.has(connection) || !connection.awaited) this.#silent.delete(connection);
      else if (until <= now) {
        connection.end(new ChatError("bad_frame", "Say who you are within 10 seconds."), connection.policyClose);
      } else {
        this.#silentTimer = setTimeout(() => this.#endSilent(), until - now);
        return;
      }
    }
  }

  /** Takes what this process has committed to a room; resolves once nearly all have been told, where that takes long. */
  committed(room: number, head: Head, entries: readonly Committed[]): Promise<void> | undefined {
    this.#open.get(room)?.audience.feed.offer(head, entries);
    this.#heads.tell(room, head);
    return this.outlet.nearlyEmpty();
  }

  /** Begins to work together with other instances. */
  async open(): Promise<void> {
    await this.instances.open();
  }

  /** Takes news from another instance. */
  #hear(news: News): void {
    if (news.type === "room") return this.#tellRoom(news.event, news.room);
    if (news.type === "name") return this.#endGuests(news.name);
    this.#open.get(news.room)?.audience.read(news.by, news.seq);
  }

  /** Tells everyone that somebody has read a room up to `seq`. */
  hasRead(audience: Audience, by: Person, seq: number): void {
    audience.read(by, seq);
    this.instances.tell({ type: "read", room: audience.room.id, by, seq });
  }

  /** Sends guests away, wherever they are, whose name is an account's from now on. */
  nameRegistered(name: string): void {
    this.#endGuests(name);
    this.instances.tell({ type: "name", name });
  }

  #endGuests(name: string): void {
    const registered = fold(name);
    for (const connection of this.connections) {
      const person = connection.asker?.person;
      if (!person?.guest || fold(person.name) !== registered) continue;
      connection.end(
        new ChatError("name_registered", "This name belongs to an account now: sign in, or choose another."),
      );
    }
  }

  /** Tells everyone of a room that came, changed or went here. */
  roomEvent(event: "created" | "changed" | "deleted", room: Room): void {
    this.#tellRoom(event, room);
    if (room.kind === "public") this.instances.tell({ type: "room", event, room });
  }

  #tellRoom(event: "created" | "changed" | "deleted", room: Room): void {
    if (event === "deleted") {
      // The head's watch may have been quicker.
      if (this.#deleted.has(room.id)) return;
      this.#deleted.add(room.id);
      this.#closeRoom(room);
    }
    // Desks tell of what is not public.
    if (room.kind !== "public") return;
    const frame = oncePerCodec((codec) => codec.roomEvent(event, room));
    for (const connection of this.connections) {
      const { codec, home, admitted } = connection;
      if (home === undefined && admitted) connection.send(frame(codec));
    }
  }

  /** A room that somebody here looks at, as it is now. */
  room(id: number): Room | undefined {
    return this.#open.get(id)?.audience.room;
  }

  /** Who is in a room, at any instance, sorted by name. */
  people(room: number): readonly Present[] {
    return this.#presence(room).people;
  }

  /** How many are in a room, at any instance. */
  online(room: number): number {
    return this.#presence(room).size;
  }

  /** Who is in a room, also where nobody looks at it here. */
  #presence(room: number): Presence {
    const open = this.#open.get(room);
    if (open) return open.audience.company.presence;
    const presence = new Presence();
    for (const [instance, here] of this.instances.elsewhere(room)) presence.tellElsewhere(instance, here);
    return presence;
  }

  /** How many are in any room, each counted once. */
  get present(): number {
    const names = new Set<string>();
    for (const { audience } of this.#open.values()) {
      for (const name of audience.company.presence.byName.keys()) names.add(name);
    }
    for (const { name } of this.instances.everybodyElsewhere()) names.add(fold(name));
    return names.size;
  }

  /** How many sockets look at a room; of those at other instances, each person counts as one. */
  sockets(room: number): number {
    const elsewhere = this.instances.elsewhere(room).reduce((sum, [, { people }]) => sum + people.length, 0);
    return (this.#open.get(room)?.audience.subscriptions.size ?? 0) + elsewhere;
  }

  /** How many sockets there are, at all instances. */
  get connectionCount(): number {
    return this.connections.size + this.instances.connectionsElsewhere;
  }

  /** How many rooms are open here: somebody looks at them, or did just now. */
  get openRooms(): number {
    return this.#open.size;
  }

  /** How many rooms' heads are watched: those that are open, and those that somebody here follows. */
  get watchedRooms(): number {
    return this.#heads.size;
  }

  /** The ids of all who have a socket here, or are in a room at another instance. */
  everybodyOnline(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { asker } of this.connections) if (asker) ids.add(asker.person.id);
    for (const { id } of this.instances.everybodyElsewhere()) ids.add(id);
    return ids;
  }

  /** Whether somebody has a socket here, or is in a room at another instance. */
  isOnline(person: string): boolean {
    return this.everybodyOnline().has(person);
  }

  /**
   * Lets a socket into a room: what it missed, who is here, and from then on all that happens.
   *
   * @param greet Called with the room's head before anything else is sent.
   * @throws {ChatError} `room_not_found`, or what the policy says.
   */
  async subscribe(connection: Connection, id: number, position: Position, greet?: (head: Head) => void): Promise<void> {
    const open = await this.#get(id);
    const { audience } = open, { asker } = connection, { policy, rooms } = this.parts;
    if (position.after !== undefined) await audience.feed.reach({ after: position.after, epoch: position.epoch });
    // Last of what is waited for, and read again where somebody's part in the room has changed meanwhile.
    let role: Role | null = null, seatings: number;
    do {
      seatings = audience.seatings;
      if (accountOf(asker)) role = await rooms.role(asker, id);
    } while (seatings !== audience.seatings);
    policy.read({ asker, room: audience.room, role });
    if (!this.connections.has(connection)) return;
    const known = connection.subscriptions.get(id);
    const subscription = known ?? new Subscription(connection, audience, role);
    // Somebody who subscribes again, because an entry was missing, stays present meanwhile.
    subscription.live = false;
    open.emptySince = undefined;
    connection.subscriptions.set(id, subscription);
    audience.subscriptions.add(subscription);
    greet?.(audience.feed.head);
    if (position.after === undefined) subscription.live = true;
    else await this.#catchUp(subscription, position.after, position.epoch);
    if (subscription.live && !subscription.present) audience.company.enter(subscription);
  }

  /**
   * Reads what was missed until the socket stands where the feed stands, and makes it live in the same turn, so that no
   * entry falls between. It stays as it is where the socket left meanwhile.
   */
  async #catchUp(subscription: Subscription, after: number, epoch?: string): Promise<void> {
    const { connection, audience: { feed, room, subscriptions } } = subscription, { codec } = connection;
    let position = after;
    while (subscriptions.has(subscription)) {
      const need = recovery({ after: position, epoch }, feed.head);
      if (need !== "entries") {
        if (need === "reset") {
          metrics.resets++;
          connection.send(codec.reset(room, feed.head));
        } else metrics.resumes++;
        subscription.live = true;
        return;
      }
      const missed = await feed.since(position);
      for (let from = 0; from < missed.length; from += CATCH_UP_FRAME) {
        for (const frame of this.#encoded(codec, room, missed.slice(from, from + CATCH_UP_FRAME))) {
          connection.send(frame);
        }
      }
      position = missed.at(-1)?.seq ?? feed.head.seq;
    }
  }

  /** The frames of entries that many may ask for at once: those who lost a room together come back together. */
  #encoded(codec: Codec, room: Room, entries: readonly Entry[]): readonly string[] {
    let known = this.#texts.get(codec);
    if (!known) this.#texts.set(codec, known = new WeakMap());
    const texts: string[] = [];
    for (const entry of entries) {
      let text = known.get(entry);
      if (text === undefined) {
        text = codec.entry(room, entry);
        if (text === undefined) continue;
        known.set(entry, text);
      }
      texts.push(text);
    }
    return framesOf(codec, room, entries[0]!.seq, texts);
  }

  /** Takes a socket out of a room. */
  unsubscribe(connection: Connection, id: number): void {
    this.#leave(connection, id, true);
  }

  /** Takes a socket out of everything; `clean` where it said goodbye. */
  drop(connection: Connection, clean: boolean): void {
    this.connections.delete(connection);
    this.#silent.delete(connection);
    this.desks.rise(connection);
    for (const id of [...connection.subscriptions.keys()]) this.#leave(connection, id, clean);
  }

  #leave(connection: Connection, id: number, clean: boolean): void {
    const subscription = connection.subscriptions.get(id);
    if (!subscription) return;
    connection.subscriptions.delete(id);
    subscription.audience.leave(subscription, clean);
    const open = this.#open.get(id);
    if (open && open.audience.subscriptions.size === 0) open.emptySince = performance.now();
  }

  #get(id: number): Promise<OpenRoom> {
    const known = this.#rooms.get(id);
    if (known) return known;
    const opening = this.#openRoom(id);
    this.#rooms.set(id, opening);
    opening.catch(() => this.#rooms.delete(id));
    return opening;
  }

  async #openRoom(id: number): Promise<OpenRoom> {
    const [{ value: room }, { value: head }] = await Promise.all([
      this.parts.store.get(keys.room(id)),
      this.parts.store.get(keys.head(id)),
    ]);
    if (!room || !head) throw new ChatError("room_not_found");
    const feed: Feed = new Feed(id, head, this.parts.log, (entries) => audience.deliver(entries));
    const audience: Audience = new Audience(room, feed, this.outlet, () => this.instances.changed(id));
    for (const [instance, here] of this.instances.elsewhere(id)) {
      audience.company.tellElsewhere(instance, here);
    }
    const unwatch = this.#heads.watch(id, (head) => head ? feed.ring(head) : this.#tellRoom("deleted", audience.room));
    const open = { audience, unwatch, emptySince: performance.now() };
    this.#open.set(id, open);
    return open;
  }

  /** A room is gone: sockets that were of this room alone are told, and closed. */
  #closeRoom({ id }: Room): void {
    const open = this.#open.get(id);
    if (!open) return;
    const { audience } = open;
    this.#forget(id, open);
    for (const { connection } of [...audience.subscriptions]) {
      connection.subscriptions.delete(id);
      if (connection.home === id) {
        connection.send(connection.codec.roomEvent("deleted", audience.room));
        connection.close(4410, "Room deleted");
      }
    }
    audience.subscriptions.clear();
  }

  #sweep(): void {
    const now = Date.now();
    for (const connection of this.connections) {
      const expiresAt = connection.asker?.expiresAt ?? Infinity;
      if (expiresAt <= now) connection.end(new ChatError("sign_in", "Your token has run out: get a new one."), 4401);
    }
    for (const [id, open] of this.#open) {
      const { emptySince, audience } = open;
      if (emptySince === undefined || audience.subscriptions.size > 0 || !audience.company.presence.empty) continue;
      if (performance.now() - emptySince > LINGER) this.#forget(id, open);
    }
  }

  #forget(id: number, open: OpenRoom): void {
    open.unwatch();
    open.audience.company.close();
    this.#open.delete(id);
    this.#rooms.delete(id);
    this.instances.changed(id);
  }

  /** Sends everyone away with 1001 and ends all watches. Resolves once they are gone, or after {@link GOODBYE_MS}. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    clearTimeout(this.#silentTimer);
    const leaving = [...this.connections];
    for (const connection of leaving) connection.close(1001, "Server going away");
    for (const [id, open] of [...this.#open]) this.#forget(id, open);
    this.desks.close();
    this.#heads.close();
    await this.instances.close();
    // A process that ended now would cut off its last acknowledgements and the close itself.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GOODBYE_MS);
    await Promise.race([Promise.all(leaving.map((connection) => connection.gone())), late]);
    clearTimeout(timer);
  }
}
