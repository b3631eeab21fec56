/**
 * What instances tell one another that is not worth keeping: who is where, who types, that a room came. Each instance
 * writes for itself, the others read; nobody waits for anybody. An instance that is alone writes nothing.
 *
 * A pulse says that an instance lives and what has changed there in its last ticks. Whoever missed more than those reads
 * all that it tells. Its silence is measured in pulses of one's own that come back through the store meanwhile: no two
 * clocks have to agree, and whoever was stopped, or cannot hear for a while, takes nobody for dead.
 * @module
 */
import { logger, ThrottledWarning } from "@/lib/logger.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";
import { keys } from "@/lib/store/keys.ts";
import type { ClusterEvent, Heartbeat, InstancePresence } from "@/lib/model/cluster.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Where an instance's own news comes from, and where that of others goes. */
export interface ClusterDelegate {
  /** The rooms that have somebody here. */
  rooms(): Iterable<number>;
  /** Who is in a room here, and whether they are so many that this is told more rarely. */
  here(room: number): InstancePresence & { readonly crowded: boolean };
  /** How many sockets there are here. */
  connections(): number;
  /** Told who is in a room at another instance; null for nobody. */
  onHere(room: number, instance: string, here: InstancePresence | null): void;
  /** Told what happened at another instance. */
  onNews(news: ClusterEvent): void;
  /** Told whether there are other instances, which write to the same rooms. */
  onOthers(others: boolean): void;
}

/** What is known of another instance. */
interface Peer {
  readonly unwatch: () => void;
  readonly rooms: Map<number, InstancePresence>;
  tick: number;
  connections: number;
  /** How many beats of one's own were heard since its last sign of life. */
  silence: number;
  reading: Promise<void>;
}

/** News waits so long for more of it, in milliseconds; the next goes out no sooner than {@link TICK_MS} later. */
const GATHER_MS = 1;
const TICK_MS = 20;
const CROWDED_TICK_MS = 1_000;
const BEAT_MS = 3_000;
/** An instance that was silent for so many beats of one's own is gone. */
const SILENT_BEATS = 4;
/** What a pulse remembers. */
const TICKS_TOLD = 20;
const ROOMS_TOLD = 1_000;
const NEWS_TOLD = 100;
/** People under one key: about 100 bytes each. */
const PEOPLE_A_PART = 400;
const PARTS_A_COMMIT = 16;
const unread = new ThrottledWarning("Cannot read who is at another instance, and try again");
const untold = new ThrottledWarning("Cannot tell other instances who is here, and try again");

/** This instance among the others. */
export class Cluster {
  readonly id: string = crypto.randomUUID().slice(0, 13);
  readonly #store: Store;
  readonly #around: ClusterDelegate;
  readonly #pulses: KeyWatcher<string, Heartbeat>;
  readonly #lists: KeyWatcher<"all", string[]>;
  readonly #neighbours = new Map<string, Peer>();
  readonly #dirty = new Set<number>();
  readonly #crowdedAt = new Map<number, number>();
  /** How many parts of each room's list may stand in the store. */
  readonly #parts = new Map<number, number>();
  #news: ClusterEvent[] = [];
  #ticks: Heartbeat["ticks"] = [];
  #tick = 0;
  #beat = 0;
  /** The pulse that stands, and its version where that is known. */
  #told: Heartbeat = { tick: 0, beat: -1, connections: 0, ticks: [] };
  #version: string | null | undefined;
  /** The beat of the last heartbeat, until it has come back through the store. */
  #awaited = Infinity;
  /** Somebody took this one for dead: it was stopped for a while, or cut off. */
  #struck = false;
  /** How many heartbeats were written since one was heard. */
  #unheard = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wroteAt = 0;
  #heart: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  /** Nothing is written or read before {@link open}. */
  constructor(store: Store, around: ClusterDelegate) {
    this.#store = store;
    this.#around = around;
    this.#pulses = new KeyWatcher(store, keys.heartbeat);
    this.#lists = new KeyWatcher(store, () => keys.instances());
  }

  /** Joins the others. */
  async open(): Promise<void> {
    await this.#enlist();
    this.#lists.watch("all", (ids) => this.#meet(ids ?? []));
    this.#pulses.watch(this.id, (pulse) => this.#hearSelf(pulse));
    this.#heart = setInterval(() => this.#heartbeat(), BEAT_MS);
    Deno.unrefTimer(this.#heart);
  }

  /** Who is in a room at other instances. */
  *elsewhere(room: number): Generator<readonly [instance: string, here: InstancePresence]> {
    for (const [id, { rooms }] of this.#neighbours) {
      const here = rooms.get(room);
      if (here) yield [id, here];
    }
  }

  /** Everybody who is in some room at other instances; the same person perhaps more than once. */
  *everybodyElsewhere(): Generator<InstancePresence["people"][number]> {
    for (const { rooms } of this.#neighbours.values()) for (const { people } of rooms.values()) yield* people;
  }

  /** How many sockets there are at other instances. */
  get connectionsElsewhere(): number {
    return this.#neighbours.values().reduce((sum, { connections }) => sum + connections, 0);
  }

  /** Who is in a room here, or who types, has changed. */
  changed(room: number): void {
    if (this.#neighbours.size === 0) return;
    this.#dirty.add(room);
    this.#schedule();
  }

  /** Tells the others what happened here. */
  tell(news: ClusterEvent): void {
    if (this.#neighbours.size === 0) return;
    this.#news.push(news);
    this.#schedule();
  }

  #schedule(wait = Math.max(GATHER_MS, this.#wroteAt + TICK_MS - performance.now())): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  #flush(): void {
    if (this.#closed) return;
    this.#wroteAt = performance.now();
    const rooms = [...this.#dirty].filter((room) => !this.#isTooSoon(room)), news = this.#news;
    for (const room of rooms) this.#dirty.delete(room);
    this.#news = [];
    if (this.#dirty.size > 0) this.#schedule(TICK_MS);
    if (rooms.length > 0 || news.length > 0) this.#write(rooms, news);
  }

  #isTooSoon(room: number): boolean {
    if (!this.#around.here(room).crowded) {
      this.#crowdedAt.delete(room);
      return false;
    }
    const now = performance.now(), last = this.#crowdedAt.get(room);
    if (last !== undefined && now - last < CROWDED_TICK_MS) return true;
    this.#crowdedAt.set(room, now);
    return false;
  }

  /** Writes the lists of these rooms with the pulse that tells of them, after what is being written already. */
  #write(rooms: readonly number[], news: readonly ClusterEvent[]): void {
    this.#tick++;
    const tick = { tick: this.#tick, rooms, news };
    this.#ticks = told([...this.#ticks, tick]);
    const before = new Map(rooms.map((room) => [room, this.#parts.get(room) ?? 0]));
    const lists = rooms.flatMap((room) => this.#list(room));
    const pulse = this.#pulse();
    this.#writing = this.#writing.then(async () => {
      const last = Math.max(0, lists.length - 1), end = last - last % PARTS_A_COMMIT;
      for (let from = 0; from < end; from += PARTS_A_COMMIT) {
        await this.#commit(this.#told, lists.slice(from, from + PARTS_A_COMMIT));
      }
      await this.#commit(pulse, lists.slice(end));
    }).catch((error) => {
      untold.warn({}, error);
      for (const [room, parts] of before) {
        // Nobody knows which of the lists stands.
        this.#parts.set(room, Math.max(parts, this.#parts.get(room) ?? 0));
        this.#dirty.add(room);
      }
      if (!this.#closed) this.#schedule(TICK_MS * 25);
    });
  }

  /**
   * Writes a pulse, and lists with it. A commit that was given up may yet come to pass: it changes nothing where a later
   * one was quicker, as each rests on the one before.
   */
  async #commit(pulse: Heartbeat, lists: readonly Mutation[]): Promise<void> {
    const key = keys.heartbeat(this.id), versionstamp = this.#version;
    this.#version = undefined;
    const known = versionstamp === undefined ? (await this.#store.get(key)).versionstamp : versionstamp;
    const version = await this.#store.commit([{ key: key.path, versionstamp: known }], [...lists, put(key, pulse)]);
    if (version === null) return await this.#commit(pulse, lists);
    this.#version = version;
    this.#told = pulse;
  }

  #pulse(): Heartbeat {
    return { tick: this.#tick, beat: this.#beat++, connections: this.#around.connections(), ticks: this.#ticks };
  }

  /** What a room's list has become. */
  #list(room: number): Mutation[] {
    const { people, typing } = this.#around.here(room), parts: InstancePresence[] = [];
    for (let from = 0; from < people.length; from += PEOPLE_A_PART) {
      parts.push({ people: people.slice(from, from + PEOPLE_A_PART), typing: from === 0 ? typing : [] });
    }
    const before = this.#parts.get(room) ?? 0;
    if (parts.length === 0) this.#parts.delete(room);
    else this.#parts.set(room, parts.length);
    return [
      ...parts.map((part, n) => put(keys.presence(this.id, room, n), part)),
      ...Array.from(
        { length: Math.max(0, before - parts.length) },
        (_, n) => remove(keys.presence(this.id, room, parts.length + n)),
      ),
    ];
  }

  /** Tells that this instance lives. */
  #heartbeat(): void {
    if (this.#neighbours.size === 0 || this.#closed) return;
    const pulse = this.#pulse();
    this.#awaited = pulse.beat;
    this.#writing = this.#writing.then(async () => {
      await this.#commit(pulse, []);
      if (this.#struck) await this.#enlist();
      // What is written arrives, and what is watched does not.
      if (++this.#unheard >= SILENT_BEATS) await this.#store.reconnect();
    }).catch((error) => untold.warn({}, error));
  }

  /** A heartbeat has come back: whoever lives could have been heard since the one before. */
  #hearSelf(pulse: Heartbeat | null): void {
    this.#unheard = 0;
    if (!pulse || pulse.beat < this.#awaited) return;
    this.#awaited = Infinity;
    for (const [id, neighbour] of this.#neighbours) {
      if (++neighbour.silence < SILENT_BEATS) continue;
      this.#strike(id).catch((error) => logger.warn("Cannot take an instance that is gone off the list", {}, error));
    }
  }

  /** Takes an instance off the list, and before that all that it told: it may come back and tell that anew. */
  async #strike(id: string): Promise<void> {
    await this.#store.sweep(keys.presence.under(id));
    await this.#store.commit([], [remove(keys.heartbeat(id))]);
    await this.#changeList((ids) => ids.filter((other) => other !== id));
  }

  async #enlist(): Promise<void> {
    await this.#changeList((ids) => ids.includes(this.id) ? ids : [...ids, this.id]);
  }

  async #changeList(change: (ids: readonly string[]) => readonly string[]): Promise<void> {
    await this.#store.update(keys.instances(), (ids) => {
      const changed = change(ids ?? []);
      return changed.length === ids?.length ? undefined : { value: [...changed] };
    });
  }

  /** Takes note of who is in the list now. */
  #meet(ids: readonly string[]): void {
    if (this.#closed) return;
    if (!ids.includes(this.id)) {
      this.#struck = true;
      this.#enlist().catch((error) => logger.error("Cannot join the other instances", {}, error));
      return;
    }
    for (const [id, neighbour] of this.#neighbours) if (!ids.includes(id)) this.#forget(id, neighbour);
    const met = ids.filter((id) => id !== this.id && !this.#neighbours.has(id));
    for (const id of met) {
      const unwatch = this.#pulses.watch(id, (pulse) => this.#hear(id, pulse));
      this.#neighbours.set(id, {
        unwatch,
        rooms: new Map(),
        tick: -1,
        connections: 0,
        silence: 0,
        reading: Promise.resolve(),
      });
    }
    this.#around.onOthers(this.#neighbours.size > 0);
    if (met.length === 0 && !this.#struck) return;
    this.#struck = false;
    for (const room of this.#around.rooms()) this.#dirty.add(room);
    this.#schedule();
    this.#heartbeat();
  }

  #forget(id: string, { unwatch, rooms }: Peer): void {
    unwatch();
    this.#neighbours.delete(id);
    for (const room of rooms.keys()) this.#around.onHere(room, id, null);
  }

  #hear(id: string, pulse: Heartbeat | null): void {
    const neighbour = this.#neighbours.get(id);
    if (!neighbour || !pulse) return;
    neighbour.silence = 0;
    neighbour.connections = pulse.connections;
    const { tick } = neighbour;
    if (pulse.tick <= tick) return;
    neighbour.tick = pulse.tick;
    const fresh = pulse.ticks.filter((one) => one.tick > tick);
    const missed = tick < 0 || (fresh[0]?.tick ?? Infinity) > tick + 1;
    const rooms = missed ? undefined : new Set(fresh.flatMap(({ rooms }) => rooms));
    neighbour.reading = neighbour.reading.then(() => this.#read(id, neighbour, rooms))
      .catch((error) => {
        // Its next pulse then has all that it tells read anew.
        neighbour.tick = -1;
        unread.warn({}, error);
      });
    if (tick >= 0) { for (const { news } of fresh) for (const one of news) this.#around.onNews(one); }
  }

  /** Reads who is in these rooms at another instance; in all of them where none are named. */
  async #read(id: string, neighbour: Peer, rooms: ReadonlySet<number> | undefined): Promise<void> {
    const found = new Map<number, InstancePresence>();
    const ranges = rooms ? [...rooms].map((room) => keys.presence.under(id, room)) : [keys.presence.under(id)];
    await Promise.all(ranges.map(async (range) => {
      for await (const { key: [, , room], value } of this.#store.list(range)) {
        const before = found.get(Number(room));
        found.set(Number(room), {
          people: [...before?.people ?? [], ...value.people],
          typing: [...before?.typing ?? [], ...value.typing],
        });
      }
    }));
    if (this.#neighbours.get(id) !== neighbour) return;
    for (const room of rooms ?? new Set([...neighbour.rooms.keys(), ...found.keys()])) {
      const here = found.get(room) ?? null;
      if (here) neighbour.rooms.set(room, here);
      else neighbour.rooms.delete(room);
      this.#around.onHere(room, id, here);
    }
  }

  /** Leaves the others, who then know at once that nobody is here any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#heart);
    this.#pulses.close();
    this.#lists.close();
    await this.#writing;
    if (this.#heart === undefined) return;
    await this.#strike(this.id).catch((error) =>
      logger.warn("Cannot tell other instances that this one goes", {}, error)
    );
  }
}

/** The last ticks, as many as a pulse has room for. */
function told(ticks: Heartbeat["ticks"]): Heartbeat["ticks"] {
  let rooms = 0, news = 0;
  const kept = ticks.slice(-TICKS_TOLD).reverse();
  const end = kept.findIndex((tick) => {
    rooms += tick.rooms.length;
    news += tick.news.length;
    return rooms > ROOMS_TOLD || news > NEWS_TOLD;
  });
  return (end < 0 ? kept : kept.slice(0, end)).reverse();
}
