/**
 * The registry of this process's sockets and open rooms. A room is opened with its first socket, and closed some time
 * after its last.
 * @module
 */
import type { Gate } from "@/lib/chat/gate.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import type { Permissions } from "@/lib/chat/permissions.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { PresenceSync } from "@/lib/cluster/presence_sync.ts";
import { ChatError } from "@/lib/errors.ts";
import { AccountChannels, type AccountChannelSources } from "@/lib/live/account_channels.ts";
import { CatchUp } from "@/lib/live/catch_up.ts";
import { type CommandRooms, Commands } from "@/lib/live/commands.ts";
import { type Connection, type ConnectionHost, type Subscriber, Subscription } from "@/lib/live/connection.ts";
import { Feed, type Position } from "@/lib/live/feed.ts";
import { Online } from "@/lib/live/online.ts";
import { RoomChannel } from "@/lib/live/room_channel.ts";
import { WriteScheduler } from "@/lib/live/write_scheduler.ts";
import type { ClusterEvent, RoomEvent } from "@/lib/model/cluster.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Role } from "@/lib/model/membership.ts";
import { fold } from "@/lib/model/names.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { type Command, oncePerCodec } from "@/lib/protocols/codec.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";

/** What a hub calls. */
export interface HubParts extends AccountChannelSources {
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly gate: Gate;
  readonly permissions: Permissions;
}

interface OpenRoom {
  readonly channel: RoomChannel;
  readonly unwatch: () => void;
  /** Since when no socket is here, by `performance.now()`; undefined while there is one. */
  emptySince: number | undefined;
}

/** How long a room without sockets stays open, in milliseconds: clients that lost it together come back together. */
const LINGER_MS = 60_000;
const SWEEP_EVERY_MS = 10_000;
/** How long clients may take to answer the close when the server stops, in milliseconds. */
const CLOSE_MS = 3_000;

/** The live side of one process. */
export class Hub implements ConnectionHost, CommandRooms {
  readonly connections = new Set<Connection>();
  readonly scheduler = new WriteScheduler();
  /** Once true, frames are ignored: clients send them again to the instance that serves them next. */
  draining = false;
  readonly accountChannels: AccountChannels;
  readonly online: Online;
  readonly presenceSync: PresenceSync;
  readonly #parts: HubParts;
  readonly #commands: Commands;
  readonly #catchUp: CatchUp;
  readonly #heads: KeyWatcher<number, Head>;
  readonly #opening = new Map<number, Promise<OpenRoom>>();
  readonly #open = new Map<number, OpenRoom>();
  readonly #deleted = new Set<number>();
  readonly #sweeper: ReturnType<typeof setInterval>;

  /** A hub without rooms. */
  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#commands = new Commands(this, parts.gate);
    this.#catchUp = new CatchUp(parts.messages);
    this.#heads = new KeyWatcher(parts.store, keys.head);
    this.accountChannels = new AccountChannels(parts, this.#heads);
    this.presenceSync = new PresenceSync(parts.store, {
      rooms: () => this.#open.keys(),
      inRoom: (room) => this.channel(room)?.presence,
      connections: () => this.connections.size,
      onPresence: (room, instance, remote) => this.channel(room)?.presence.applyRemote(instance, remote),
      onEvent: (event) => this.#apply(event),
      onPeers: (hasPeers) => this.#heads.setRemote(hasPeers),
    });
    this.online = new Online(this.connections, this.#open, this.presenceSync);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
    Deno.unrefTimer(this.#sweeper);
  }

  /** Joins the other instances. */
  async open(): Promise<void> {
    await this.presenceSync.open();
  }

  /** Takes in a socket. */
  add(connection: Connection): void {
    this.connections.add(connection);
  }

  /** Takes a closed socket out of everything; `clean` where the client closed it properly. */
  remove(connection: Connection, clean: boolean): void {
    this.connections.delete(connection);
    this.accountChannels.detach(connection);
    for (const id of [...connection.subscriptions.keys()]) this.unsubscribe(connection, id, clean);
  }

  /** Runs a socket's command. Throws {@link ChatError} to refuse. */
  run(connection: Connection, command: Command): Promise<void> | void {
    return this.#commands.execute(connection, command);
  }

  /** Delivers what this process has committed to a room. Resolves once nearly all of it is written, where that takes long. */
  committed(room: number, head: Head, entries: readonly Entry[]): Promise<void> | undefined {
    this.channel(room)?.feed.offer(head, entries);
    this.#heads.publishLocal(room, head);
    return this.scheduler.lowWater();
  }

  /**
   * Subscribes a socket to a room: what it missed, who is here, and from then on everything.
   *
   * @param greet Called with the room's head before anything else is sent.
   * @throws {ChatError} `room_not_found`, or what the policy refuses with.
   */
  async subscribe(connection: Connection, id: number, position: Position, greet?: (head: Head) => void): Promise<void> {
    const open = await this.#get(id), { channel } = open;
    await channel.feed.waitFor(position);
    const role = await this.#roleToRead(connection, channel);
    if (!this.connections.has(connection)) return;
    const subscription = connection.subscriptions.get(id) ?? new Subscription(connection, id, role);
    // A client that subscribes again, as an entry was missing, stays present meanwhile.
    subscription.live = false;
    open.emptySince = undefined;
    connection.subscriptions.set(id, subscription);
    channel.subscriptions.add(subscription);
    greet?.(channel.feed.head);
    if (position.after === undefined) subscription.live = true;
    else await this.#catchUp.run(subscription, channel, position);
    if (subscription.live && !subscription.present) channel.presence.enter(subscription);
  }

  /** The last thing that is waited for, and read again where a role has changed meanwhile. */
  async #roleToRead({ actor }: Subscriber, channel: RoomChannel): Promise<Role | null> {
    let role: Role | null = null, version: number;
    do {
      version = channel.roleVersion;
      if (accountOf(actor)) role = await this.#parts.rooms.role(actor, channel.room.id);
    } while (version !== channel.roleVersion);
    this.#parts.permissions.requireRead({ actor, room: channel.room, role });
    return role;
  }

  /** Takes a socket out of a room; `clean` where it isn't cut off. */
  unsubscribe(connection: Subscriber, id: number, clean = true): void {
    const subscription = connection.subscriptions.get(id), open = this.#open.get(id);
    connection.subscriptions.delete(id);
    if (!subscription || !open) return;
    open.channel.leave(subscription, clean);
    if (open.channel.subscriptions.size === 0) open.emptySince = performance.now();
  }

  /** Takes a socket out of a room that its person may not read any more, and closes it if it's bound to the room. */
  #removeFromRoom({ subscriber, room, role }: Subscription): void {
    this.unsubscribe(subscriber, room);
    const code = role === "banned" ? "forbidden" : "room_not_found";
    const error = new ChatError(code, "You're no longer in this room.");
    if (subscriber.boundRoom === room) subscriber.end(error);
    else subscriber.refuse(error);
  }

  /** The channel of a room that is open here. */
  channel(room: number): RoomChannel | undefined {
    return this.#open.get(room)?.channel;
  }

  /** How many rooms are open here. */
  get openRooms(): number {
    return this.#open.size;
  }

  /** How many rooms' heads are watched: of those that are open, and those that an account here follows. */
  get watchedRooms(): number {
    return this.#heads.size;
  }

  #get(id: number): Promise<OpenRoom> {
    let opening = this.#opening.get(id);
    if (!opening) {
      this.#opening.set(id, opening = this.#openRoom(id));
      opening.catch(() => this.#opening.delete(id));
    }
    return opening;
  }

  async #openRoom(id: number): Promise<OpenRoom> {
    const { store, log } = this.#parts;
    const [{ value: room }, { value: head }] = await Promise.all([store.get(keys.room(id)), store.get(keys.head(id))]);
    if (!room || !head) throw new ChatError("room_not_found");
    const feed: Feed = new Feed(id, head, log, (entries) => channel.deliver(entries));
    const channel: RoomChannel = new RoomChannel(room, feed, this.scheduler, {
      onPresence: () => this.presenceSync.changed(id),
      onRemoved: (subscription) => this.#removeFromRoom(subscription),
    });
    for (const [instance, remote] of this.presenceSync.inRoom(id)) channel.presence.applyRemote(instance, remote);
    const unwatch = this.#heads.watch(
      id,
      (head) => head ? feed.onHead(head) : this.#sendRoomEvent("deleted", channel.room),
    );
    const open = { channel, unwatch, emptySince: performance.now() };
    this.#open.set(id, open);
    return open;
  }

  /** Applies what another instance has published. */
  #apply(event: ClusterEvent): void {
    if (event.type === "room") this.#sendRoomEvent(event.event, event.room);
    else if (event.type === "name") this.#endGuests(event.name);
    else this.channel(event.room)?.sendRead(event.by, event.seq);
  }

  /** Sends everyone in a room, on all instances, how far a person has read. */
  sendRead(channel: RoomChannel, by: Person, seq: number): void {
    channel.sendRead(by, seq);
    this.presenceSync.publish({ type: "read", room: channel.room.id, by, seq });
  }

  /** Closes the sockets of guests, on all instances, whose name has been registered. */
  nameRegistered(name: string): void {
    this.#endGuests(name);
    this.presenceSync.publish({ type: "name", name });
  }

  #endGuests(name: string): void {
    const registered = fold(name);
    for (const connection of this.connections) {
      const person = connection.actor?.person;
      if (!person?.guest || fold(person.name) !== registered) continue;
      connection.end(new ChatError("name_registered", "This name was registered. Sign in, or choose another."));
    }
  }

  /** Sends everyone, on all instances, that a room was created, changed or deleted here. */
  roomEvent(event: RoomEvent, room: Room): void {
    this.#sendRoomEvent(event, room);
    if (room.kind === "public") this.presenceSync.publish({ type: "room", event, room });
  }

  #sendRoomEvent(event: RoomEvent, room: Room): void {
    if (event === "deleted") {
      // The head's watch may have been quicker.
      if (this.#deleted.has(room.id)) return;
      this.#deleted.add(room.id);
      this.#closeRoom(room.id);
    }
    // Account channels send those of rooms that aren't public.
    if (room.kind !== "public") return;
    const frame = oncePerCodec((codec) => codec.roomEvent?.(event, room));
    for (const connection of this.connections) {
      if (connection.boundRoom === undefined && connection.isAdmitted) connection.send(frame(connection.codec));
    }
  }

  /** Closes a room that was deleted, and the sockets that are bound to it. */
  #closeRoom(id: number): void {
    const open = this.#open.get(id);
    if (!open) return;
    const { channel } = open;
    this.#forget(id, open);
    for (const { subscriber } of [...channel.subscriptions]) {
      subscriber.subscriptions.delete(id);
      if (subscriber.boundRoom !== id) continue;
      subscriber.send(subscriber.codec.roomEvent?.("deleted", channel.room));
      subscriber.close(4410, "Room deleted");
    }
    channel.subscriptions.clear();
  }

  /** Closes sockets whose token has expired, and rooms that have been empty for long. */
  #sweep(): void {
    const now = Date.now();
    for (const connection of this.connections) {
      const expiresAt = connection.actor?.expiresAt ?? Infinity;
      if (expiresAt <= now) connection.end(new ChatError("sign_in", "Your token has expired. Get a new one."), 4401);
    }
    for (const [id, open] of this.#open) {
      const { emptySince, channel } = open;
      if (emptySince === undefined || channel.subscriptions.size > 0 || !channel.presence.state.empty) continue;
      if (performance.now() - emptySince > LINGER_MS) this.#forget(id, open);
    }
  }

  #forget(id: number, open: OpenRoom): void {
    open.unwatch();
    open.channel.presence.close();
    this.#open.delete(id);
    this.#opening.delete(id);
    this.presenceSync.changed(id);
  }

  /** Closes every socket with 1001 and ends all watches. Resolves once the sockets are closed, or after {@link CLOSE_MS}. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const leaving = [...this.connections];
    for (const connection of leaving) connection.close(1001, "Server going away");
    for (const [id, open] of [...this.#open]) this.#forget(id, open);
    this.accountChannels.close();
    this.#heads.close();
    await this.presenceSync.close();
    // A process that ended now would cut off its last acknowledgements and the close itself.
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    await Promise.race([Promise.all(leaving.map((connection) => connection.closed())), late]);
    clearTimeout(timer);
  }
}
