/**
 * What instances share that isn't worth keeping: who is in which room, who types, and events such as a new public room.
 * Each instance writes its own, the others read; no one waits for another. A heartbeat says what changed in the last
 * ticks, and a peer that missed more than those reads everything.
 * @module
 */
import { Membership } from "@/lib/cluster/membership.ts";
import { ThrottledWarning } from "@/lib/logger.ts";
import type { ClusterEvent, Heartbeat, InstancePresence } from "@/lib/model/cluster.ts";
import type { Present } from "@/lib/model/person.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Where this instance's presence comes from, and where that of others goes. */
export interface PresenceDelegate {
  /** The rooms that are open here. */
  rooms(): Iterable<number>;
  /** The people in a room here, who are written less often where it's a large room. */
  inRoom(room: number): { readonly state: { readonly own: InstancePresence }; readonly isLarge: boolean } | undefined;
  /** How many sockets there are here. */
  connections(): number;
  /** The people in a room at another instance have changed; null for no one. */
  onPresence(room: number, instance: string, remote: InstancePresence | null): void;
  /** Another instance has published an event. */
  onEvent(event: ClusterEvent): void;
  /** Whether there are other instances, which write to the same rooms. */
  onPeers(hasPeers: boolean): void;
}

/** What is known of another instance. */
interface Remote {
  readonly rooms: Map<number, InstancePresence>;
  /** The last tick that was read; -1 before the first. */
  tick: number;
  connections: number;
  reading: Promise<void>;
}

/** Changes within this time, in milliseconds, are written together. */
const GATHER_MS = 1;
/** The next write starts no sooner than this after the last, in milliseconds. */
const TICK_MS = 20;
/** The same for the people of a large room. */
const LARGE_ROOM_TICK_MS = 1_000;
/** After a write that failed, in milliseconds. */
const RETRY_MS = 500;
/** What a heartbeat can hold. */
const TICKS_MAX = 20;
const ROOMS_MAX = 1_000;
const EVENTS_MAX = 100;
/** People under one key, at about 100 bytes each. */
const PEOPLE_PER_PART = 400;
const unread = new ThrottledWarning("Cannot read who is at another instance, and try again");
const unwritten = new ThrottledWarning("Cannot write who is here for other instances, and try again");

/** Synchronizes presence with other instances. */
export class PresenceSync {
  readonly #store: Store;
  readonly #delegate: PresenceDelegate;
  readonly #membership: Membership;
  readonly #remotes = new Map<string, Remote>();
  /** Rooms whose people have changed since they were written. */
  readonly #changed = new Set<number>();
  readonly #largeWrittenAt = new Map<number, number>();
  /** How many parts of each room's list may stand in the store. */
  readonly #parts = new Map<number, number>();
  #events: ClusterEvent[] = [];
  #ticks: Heartbeat["ticks"] = [];
  #tick = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flushedAt = 0;
  #closed = false;

  /** Nothing is written or read before {@link open}. */
  constructor(store: Store, delegate: PresenceDelegate) {
    this.#store = store;
    this.#delegate = delegate;
    this.#membership = new Membership(store, {
      payload: () => ({ tick: this.#tick, connections: delegate.connections(), ticks: this.#ticks }),
      onJoin: (peers) => this.#join(peers),
      onHeartbeat: (peer, heartbeat) => this.#onHeartbeat(peer, heartbeat),
      onLeave: (peer) => this.#leave(peer),
      onPeers: (hasPeers) => delegate.onPeers(hasPeers),
    });
  }

  /** Joins the other instances. */
  open(): Promise<void> {
    return this.#membership.join();
  }

  /** Id of this instance. */
  get id(): string {
    return this.#membership.id;
  }

  /** The people in a room at each other instance. */
  *inRoom(room: number): Generator<readonly [instance: string, remote: InstancePresence]> {
    for (const [id, { rooms }] of this.#remotes) {
      const remote = rooms.get(room);
      if (remote) yield [id, remote];
    }
  }

  /** Everyone in any room at other instances; the same person perhaps more than once. */
  *everyone(): Generator<Present> {
    for (const { rooms } of this.#remotes.values()) for (const { people } of rooms.values()) yield* people;
  }

  /** How many sockets there are at other instances. */
  get connections(): number {
    return this.#remotes.values().reduce((sum, { connections }) => sum + connections, 0);
  }

  /** The people in a room here, or who types, have changed. */
  changed(room: number): void {
    if (!this.#membership.hasPeers) return;
    this.#changed.add(room);
    this.#schedule();
  }

  /** Publishes an event to the other instances. */
  publish(event: ClusterEvent): void {
    if (!this.#membership.hasPeers) return;
    this.#events.push(event);
    this.#schedule();
  }

  #schedule(wait = Math.max(GATHER_MS, this.#flushedAt + TICK_MS - performance.now())): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  #flush(): void {
    if (this.#closed) return;
    this.#flushedAt = performance.now();
    const rooms = [...this.#changed].filter((room) => !this.#isTooSoon(room)), events = this.#events;
    for (const room of rooms) this.#changed.delete(room);
    this.#events = [];
    if (this.#changed.size > 0) this.#schedule(TICK_MS);
    if (rooms.length > 0 || events.length > 0) this.#write(rooms, events);
  }

  #isTooSoon(room: number): boolean {
    if (!this.#delegate.inRoom(room)?.isLarge) {
      this.#largeWrittenAt.delete(room);
      return false;
    }
    const now = performance.now(), last = this.#largeWrittenAt.get(room);
    if (last !== undefined && now - last < LARGE_ROOM_TICK_MS) return true;
    this.#largeWrittenAt.set(room, now);
    return false;
  }

  /** Writes the lists of these rooms with the heartbeat that names them. */
  #write(rooms: readonly number[], events: readonly ClusterEvent[]): void {
    this.#tick++;
    this.#ticks = recent([...this.#ticks, { tick: this.#tick, rooms: [...rooms], news: [...events] }]);
    const before = new Map(rooms.map((room) => [room, this.#parts.get(room) ?? 0]));
    this.#membership.write(rooms.flatMap((room) => this.#list(room))).catch((error) => {
      unwritten.warn({}, error);
      for (const [room, parts] of before) {
        // Which of the lists stand isn't known.
        this.#parts.set(room, Math.max(parts, this.#parts.get(room) ?? 0));
        this.#changed.add(room);
      }
      if (!this.#closed) this.#schedule(RETRY_MS);
    });
  }

  /** The list of a room's people, in parts. */
  #list(room: number): Mutation[] {
    const { people, typing } = this.#delegate.inRoom(room)?.state.own ?? { people: [], typing: [] };
    const parts: InstancePresence[] = [];
    for (let from = 0; from < people.length; from += PEOPLE_PER_PART) {
      parts.push({ people: people.slice(from, from + PEOPLE_PER_PART), typing: from === 0 ? typing : [] });
    }
    const before = this.#parts.get(room) ?? 0;
    if (parts.length === 0) this.#parts.delete(room);
    else this.#parts.set(room, parts.length);
    const key = (part: number) => keys.presence(this.id, room, part);
    return [
      ...parts.map((part, n) => put(key(n), part)),
      ...Array.from({ length: Math.max(0, before - parts.length) }, (_, n) => remove(key(parts.length + n))),
    ];
  }

  #join(peers: readonly string[]): void {
    for (const id of peers) {
      this.#remotes.set(id, { rooms: new Map(), tick: -1, connections: 0, reading: Promise.resolve() });
    }
    for (const room of this.#delegate.rooms()) this.#changed.add(room);
    this.#schedule();
  }

  #leave(peer: string): void {
    const rooms = this.#remotes.get(peer)?.rooms ?? [];
    this.#remotes.delete(peer);
    for (const [room] of rooms) this.#delegate.onPresence(room, peer, null);
  }

  #onHeartbeat(peer: string, heartbeat: Heartbeat): void {
    const remote = this.#remotes.get(peer);
    if (!remote) return;
    const { tick: known } = remote;
    remote.connections = heartbeat.connections;
    if (heartbeat.tick <= known) return;
    remote.tick = heartbeat.tick;
    const ticks = heartbeat.ticks.filter(({ tick }) => tick > known);
    const hasMissed = known < 0 || (ticks[0]?.tick ?? Infinity) > known + 1;
    const rooms = hasMissed ? undefined : new Set(ticks.flatMap(({ rooms }) => rooms));
    remote.reading = remote.reading.then(() => this.#read(peer, remote, rooms)).catch((error) => {
      // Its next heartbeat has everything read again.
      remote.tick = -1;
      unread.warn({}, error);
    });
    if (known < 0) return;
    for (const { news } of ticks) for (const event of news) this.#delegate.onEvent(event);
  }

  /** Reads who is in these rooms at another instance; in all of them where none are named. */
  async #read(peer: string, remote: Remote, rooms: ReadonlySet<number> | undefined): Promise<void> {
    const found = new Map<number, InstancePresence>();
    const ranges = rooms ? [...rooms].map((room) => keys.presence.under(peer, room)) : [keys.presence.under(peer)];
    await Promise.all(ranges.map(async (range) => {
      for await (const { key: [, , room], value } of this.#store.list(range)) {
        const before = found.get(Number(room));
        found.set(Number(room), {
          people: [...before?.people ?? [], ...value.people],
          typing: [...before?.typing ?? [], ...value.typing],
        });
      }
    }));
    if (this.#remotes.get(peer) !== remote) return;
    for (const room of rooms ?? new Set([...remote.rooms.keys(), ...found.keys()])) {
      const presence = found.get(room) ?? null;
      if (presence) remote.rooms.set(room, presence);
      else remote.rooms.delete(room);
      this.#delegate.onPresence(room, peer, presence);
    }
  }

  /** Leaves the other instances. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#membership.leave();
  }
}

/** The last ticks, as many as a heartbeat holds. */
function recent(ticks: Heartbeat["ticks"]): Heartbeat["ticks"] {
  let rooms = 0, events = 0;
  const kept = ticks.slice(-TICKS_MAX).reverse();
  const end = kept.findIndex((tick) => {
    rooms += tick.rooms.length;
    events += tick.news.length;
    return rooms > ROOMS_MAX || events > EVENTS_MAX;
  });
  return (end < 0 ? kept : kept.slice(0, end)).reverse();
}
