/**
 * All local sockets, by room: opens a room's feed and watch with its first socket, closes them some time after its last.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person, Present } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { fold } from "@/lib/model/names.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import { accountOf, type Policy } from "@/lib/chat/policy.ts";
import { Presence } from "@/lib/live/presence.ts";
import type { Gate } from "@/lib/chat/gate.ts";
import type { Permissions } from "@/lib/chat/permissions.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { RateLimiter } from "@/lib/chat/rate_limiter.ts";
import { RoomChannel, Subscription } from "@/lib/live/room_channel.ts";
import type { Connection } from "@/lib/live/connection.ts";
import { AccountChannels, type AccountChannelSources } from "@/lib/live/account_channels.ts";
import { Feed, recovery } from "@/lib/live/feed.ts";
import { Cluster } from "@/lib/cluster/membership.ts";
import { WriteScheduler } from "@/lib/live/write_scheduler.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";
import { metrics } from "@/lib/metrics.ts";
import { type Codec, framesOf, oncePerCodec } from "@/lib/protocols/codec.ts";
import { keys } from "@/lib/store/keys.ts";
import type { ClusterEvent, RoomEvent } from "@/lib/model/cluster.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** What a hub calls: its sockets' commands go to `messages` and `reads`, its questions to `policy`. */
export interface HubParts extends AccountChannelSources {
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly policy: Policy;
  readonly gate: Gate;
  readonly permissions: Permissions;
  /** Null where nothing is limited. */
  readonly limits: RateLimiter | null;
}

/** Where a client that comes back was. */
export interface Position {
  readonly after?: number | undefined;
  readonly epoch?: string | undefined;
}

interface OpenRoom {
  readonly channel: RoomChannel;
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
  readonly scheduler = new WriteScheduler();
  /** Once true no frame is taken any more: what clients send now they send again to whoever serves them next. */
  draining = false;
  readonly accountChannels: AccountChannels;
  readonly cluster: Cluster;
  readonly #heads: KeyWatcher<number, Head>;
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
    this.#heads = new KeyWatcher(parts.store, keys.head);
    this.accountChannels = new AccountChannels(parts, this.#heads);
    this.cluster = new Cluster(parts.store, {
      rooms: () => this.#open.keys(),
      here: (room) => {
        const presence = this.#open.get(room)?.channel.presence;
        return presence ? { ...presence.presence.own, crowded: presence.crowded } : NOBODY;
      },
      connections: () => this.connections.size,
      onHere: (room, instance, here) => this.#open.get(room)?.channel.presence.tellElsewhere(instance, here),
      onNews: (news) => this.#hear(news),
      onOthers: (others) => this.#heads.setRemote(others),
    });
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY);
    Deno.unrefTimer(this.#sweeper);
  }

  /** Ends a socket that is still {@link Connection.isAwaitingHello} after {@link FIRST_FRAME_MS}. One timer serves all of them. */
  expect(connection: Connection): void {
    this.#silent.set(connection, performance.now() + FIRST_FRAME_MS);
    this.#silentTimer ??= setTimeout(() => this.#endSilent(), FIRST_FRAME_MS);
  }

  #endSilent(): void {
    this.#silentTimer = undefined;
    const now = performance.now();
    for (const [connection, until] of this.#silent) {
      if (!this.connections.has(connection) || !connection.isAwaitingHello) this.#silent.delete(connection);
      else if (until <= now) {
        connection.end(new ChatError("bad_frame", "Say who you are within 10 seconds."), connection.policyClose);
      } else {
        this.#silentTimer = setTimeout(() => this.#endSilent(), until - now);
        return;
      }
    }
  }

  /** Takes what this process has committed to a room; resolves once nearly all have been told, where that takes long. */
  committed(room: number, head: Head, entries: readonly Entry[]): Promise<void> | undefined {
    this.#open.get(room)?.channel.feed.offer(head, entries);
    this.#heads.publishLocal(room, head);
    return this.scheduler.lowWater();
  }

  /** Begins to work together with other instances. */
  async open(): Promise<void> {
    await this.cluster.open();
  }

  /** Takes news from another instance. */
  #hear(news: ClusterEvent): void {
    if (news.type === "room") return this.#tellRoom(news.event, news.room);
    if (news.type === "name") return this.#endGuests(news.name);
    this.#open.get(news.room)?.channel.read(news.by, news.seq);
  }

  /** Tells everyone that somebody has read a room up to `seq`. */
  hasRead(channel: RoomChannel, by: Person, seq: number): void {
    channel.read(by, seq);
    this.cluster.tell({ type: "read", room: channel.room.id, by, seq });
  }

  /** Sends guests away, wherever they are, whose name is an account's from now on. */
  nameRegistered(name: string): void {
    this.#endGuests(name);
    this.cluster.tell({ type: "name", name });
  }

  #endGuests(name: string): void {
    const registered = fold(name);
    for (const connection of this.connections) {
      const person = connection.actor?.person;
      if (!person?.guest || fold(person.name) !== registered) continue;
      connection.end(
        new ChatError("name_registered", "This name belongs to an account now: sign in, or choose another."),
      );
    }
  }

  /** Tells everyone of a room that came, changed or went here. */
  roomEvent(event: RoomEvent, room: Room): void {
    this.#tellRoom(event, room);
    if (room.kind === "public") this.cluster.tell({ type: "room", event, room });
  }

  #tellRoom(event: RoomEvent, room: Room): void {
    if (event === "deleted") {
      // The head's watch may have been quicker.
      if (this.#deleted.has(room.id)) return;
      this.#deleted.add(room.id);
      this.#closeRoom(room);
    }
    // Desks tell of what is not public.
    if (room.kind !== "public") return;
    const frame = oncePerCodec((codec) => codec.roomEvent?.(event, room));
    for (const connection of this.connections) {
      const { codec, boundRoom, admitted } = connection;
      if (boundRoom === undefined && admitted) connection.send(frame(codec));
    }
  }

  /** A room that somebody here looks at, as it is now. */
  room(id: number): Room | undefined {
    return this.#open.get(id)?.channel.room;
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
    if (open) return open.channel.presence.presence;
    const presence = new Presence();
    for (const [instance, here] of this.cluster.elsewhere(room)) presence.tellElsewhere(instance, here);
    return presence;
  }

  /** How many are in any room, each counted once. */
  get present(): number {
    const names = new Set<string>();
    for (const { channel } of this.#open.values()) {
      for (const name of channel.presence.presence.byName.keys()) names.add(name);
    }
    for (const { name } of this.cluster.everybodyElsewhere()) names.add(fold(name));
    return names.size;
  }

  /** How many sockets look at a room; of those at other instances, each person counts as one. */
  sockets(room: number): number {
    const elsewhere = this.cluster.elsewhere(room).reduce((sum, [, { people }]) => sum + people.length, 0);
    return (this.#open.get(room)?.channel.subscriptions.size ?? 0) + elsewhere;
  }

  /** How many sockets there are, at all instances. */
  get connectionCount(): number {
    return this.connections.size + this.cluster.connectionsElsewhere;
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
    for (const { actor } of this.connections) if (actor) ids.add(actor.person.id);
    for (const { id } of this.cluster.everybodyElsewhere()) ids.add(id);
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
    const { channel } = open, { actor } = connection, { policy, rooms } = this.parts;
    if (position.after !== undefined) await channel.feed.waitFor({ after: position.after, epoch: position.epoch });
    // Last of what is waited for, and read again where somebody's part in the room has changed meanwhile.
    let role: Role | null = null, seatings: number;
    do {
      seatings = channel.roleVersion;
      if (accountOf(actor)) role = await rooms.role(actor, id);
    } while (seatings !== channel.roleVersion);
    policy.read({ actor, room: channel.room, role });
    if (!this.connections.has(connection)) return;
    const known = connection.subscriptions.get(id);
    const subscription = known ?? new Subscription(connection, channel, role);
    // Somebody who subscribes again, because an entry was missing, stays present meanwhile.
    subscription.live = false;
    open.emptySince = undefined;
    connection.subscriptions.set(id, subscription);
    channel.subscriptions.add(subscription);
    greet?.(channel.feed.head);
    if (position.after === undefined) subscription.live = true;
    else await this.#catchUp(subscription, position.after, position.epoch);
    if (subscription.live && !subscription.present) channel.presence.enter(subscription);
  }

  /**
   * Reads what was missed until the socket stands where the feed stands, and makes it live in the same turn, so that no
   * entry falls between. It stays as it is where the socket left meanwhile.
   */
  async #catchUp(subscription: Subscription, after: number, epoch?: string): Promise<void> {
    const { connection, channel: { feed, room, subscriptions } } = subscription, { codec } = connection;
    let position = after;
    while (subscriptions.has(subscription)) {
      const need = recovery({ after: position, epoch }, feed.head);
      if (need !== "entries") {
        if (need === "reset") {
          metrics.resets++;
          connection.send(codec.reset?.(room, feed.head));
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
    this.accountChannels.detach(connection);
    for (const id of [...connection.subscriptions.keys()]) this.#leave(connection, id, clean);
  }

  #leave(connection: Connection, id: number, clean: boolean): void {
    const subscription = connection.subscriptions.get(id);
    if (!subscription) return;
    connection.subscriptions.delete(id);
    subscription.channel.leave(subscription, clean);
    const open = this.#open.get(id);
    if (open && open.channel.subscriptions.size === 0) open.emptySince = performance.now();
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
    const feed: Feed = new Feed(id, head, this.parts.log, (entries) => channel.deliver(entries));
    const channel: RoomChannel = new RoomChannel(room, feed, this.scheduler, () => this.cluster.changed(id));
    for (const [instance, here] of this.cluster.elsewhere(id)) {
      channel.presence.tellElsewhere(instance, here);
    }
    const unwatch = this.#heads.watch(
      id,
      (head) => head ? feed.onHead(head) : this.#tellRoom("deleted", channel.room),
    );
    const open = { channel, unwatch, emptySince: performance.now() };
    this.#open.set(id, open);
    return open;
  }

  /** A room is gone: sockets that were of this room alone are told, and closed. */
  #closeRoom({ id }: Room): void {
    const open = this.#open.get(id);
    if (!open) return;
    const { channel } = open;
    this.#forget(id, open);
    for (const { connection } of [...channel.subscriptions]) {
      connection.subscriptions.delete(id);
      if (connection.boundRoom === id) {
        connection.send(connection.codec.roomEvent?.("deleted", channel.room));
        connection.close(4410, "Room deleted");
      }
    }
    channel.subscriptions.clear();
  }

  #sweep(): void {
    const now = Date.now();
    for (const connection of this.connections) {
      const expiresAt = connection.actor?.expiresAt ?? Infinity;
      if (expiresAt <= now) connection.end(new ChatError("sign_in", "Your token has run out: get a new one."), 4401);
    }
    for (const [id, open] of this.#open) {
      const { emptySince, channel } = open;
      if (emptySince === undefined || channel.subscriptions.size > 0 || !channel.presence.presence.empty) continue;
      if (performance.now() - emptySince > LINGER) this.#forget(id, open);
    }
  }

  #forget(id: number, open: OpenRoom): void {
    open.unwatch();
    open.channel.presence.close();
    this.#open.delete(id);
    this.#rooms.delete(id);
    this.cluster.changed(id);
  }

  /** Sends everyone away with 1001 and ends all watches. Resolves once they are gone, or after {@link GOODBYE_MS}. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    clearTimeout(this.#silentTimer);
    const leaving = [...this.connections];
    for (const connection of leaving) connection.close(1001, "Server going away");
    for (const [id, open] of [...this.#open]) this.#forget(id, open);
    this.accountChannels.close();
    this.#heads.close();
    await this.cluster.close();
    // A process that ended now would cut off its last acknowledgements and the close itself.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GOODBYE_MS);
    await Promise.race([Promise.all(leaving.map((connection) => connection.gone())), late]);
    clearTimeout(timer);
  }
}
