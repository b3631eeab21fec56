/**
 * The instances that serve on one store: they join a list, write heartbeats that the others watch, and evict those that
 * have fallen silent.
 *
 * Silence is measured in one's own heartbeats that come back through the store meanwhile: no two clocks have to agree, and
 * an instance that was stopped, or cut off for a while, takes no other for dead. An instance that is alone writes nothing.
 * @module
 */
import { logger, ThrottledWarning } from "@/lib/logger.ts";
import type { Heartbeat } from "@/lib/model/cluster.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";

/** What membership calls. */
export interface MembershipDelegate {
  /** What this instance's heartbeats carry. */
  payload(): Omit<Heartbeat, "beat">;
  /** Other instances have joined, or missed this one. */
  onJoin(peers: readonly string[]): void;
  /** A heartbeat of another instance. */
  onHeartbeat(peer: string, heartbeat: Heartbeat): void;
  /** Another instance has left, or was evicted. */
  onLeave(peer: string): void;
  /** The list of instances was read. */
  onPeers(hasPeers: boolean): void;
}

/** Another instance. */
interface Peer {
  readonly unwatch: () => void;
  /** How many of our own heartbeats have come back since its last one. */
  missed: number;
}

const HEARTBEAT_MS = 3_000;
/** An instance that missed this many heartbeats is dead. */
const MISSED_MAX = 4;
/** Values that go with a heartbeat in one commit: of presence each can be 40 KiB. */
const VALUES_PER_COMMIT = 16;
const unwritten = new ThrottledWarning("Cannot write this instance's heartbeat, and try again");

/** This instance among the others. */
export class Membership {
  readonly id: string = crypto.randomUUID().slice(0, 13);
  readonly #store: Store;
  readonly #delegate: MembershipDelegate;
  readonly #heartbeats: KeyWatcher<string, Heartbeat>;
  readonly #lists: KeyWatcher<"all", string[]>;
  readonly #peers = new Map<string, Peer>();
  /** The last write; the next one starts after it. */
  #writing: Promise<void> = Promise.resolve();
  #beat = 0;
  /** The heartbeat that stands in the store, and its version where that is known. */
  #written: Heartbeat = { tick: 0, beat: -1, connections: 0, ticks: [] };
  #version: string | null | undefined;
  /** The last periodic heartbeat's `beat`, until it has come back through the store. */
  #awaitedBeat = Infinity;
  /** Periodic heartbeats that were written since one came back. */
  #unconfirmed = 0;
  /** Whether another instance has evicted this one: it was stopped for a while, or cut off. */
  #evicted = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  /** Nothing is written or read before {@link join}. */
  constructor(store: Store, delegate: MembershipDelegate) {
    this.#store = store;
    this.#delegate = delegate;
    this.#heartbeats = new KeyWatcher(store, keys.heartbeat);
    this.#lists = new KeyWatcher(store, () => keys.instances());
  }

  /** Whether there are other instances. */
  get hasPeers(): boolean {
    return this.#peers.size > 0;
  }

  /** Joins the others. */
  async join(): Promise<void> {
    await this.#addToList();
    this.#lists.watch("all", (ids) => this.#applyList(ids ?? []));
    this.#heartbeats.watch(this.id, (heartbeat) => this.#onOwnHeartbeat(heartbeat));
    this.#timer = setInterval(() => this.#heartbeat(), HEARTBEAT_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** Writes a heartbeat as of now after all that is being written: with the last of the mutations, in one commit. */
  write(mutations: readonly Mutation[]): Promise<void> {
    const heartbeat = { ...this.#delegate.payload(), beat: this.#beat++ };
    const writing = this.#writing.then(async () => {
      let rest = mutations;
      for (; rest.length > VALUES_PER_COMMIT; rest = rest.slice(VALUES_PER_COMMIT)) {
        await this.#commit(this.#written, rest.slice(0, VALUES_PER_COMMIT));
      }
      await this.#commit(heartbeat, rest);
    });
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  /** Each commit rests on the one before: one that was given up and takes effect late changes nothing. */
  async #commit(heartbeat: Heartbeat, mutations: readonly Mutation[]): Promise<void> {
    const key = keys.heartbeat(this.id), before = this.#version;
    this.#version = undefined;
    const versionstamp = before === undefined ? (await this.#store.get(key)).versionstamp : before;
    const version = await this.#store.commit([{ key: key.path, versionstamp }], [...mutations, put(key, heartbeat)]);
    if (version === null) return await this.#commit(heartbeat, mutations);
    this.#version = version;
    this.#written = heartbeat;
  }

  /** Says that this instance is alive. */
  #heartbeat(): void {
    if (!this.hasPeers || this.#closed) return;
    this.#awaitedBeat = this.#beat;
    this.#writing = this.write([]).then(async () => {
      if (this.#evicted) await this.#addToList();
      // What is written arrives, and what is watched doesn't.
      if (++this.#unconfirmed >= MISSED_MAX) await this.#store.reconnect();
    }).catch((error) => unwritten.warn({}, error));
  }

  /** Our own heartbeat has come back: every instance that is alive could have been heard since the one before. */
  #onOwnHeartbeat(heartbeat: Heartbeat | null): void {
    this.#unconfirmed = 0;
    if (!heartbeat || heartbeat.beat < this.#awaitedBeat) return;
    this.#awaitedBeat = Infinity;
    for (const [id, peer] of this.#peers) {
      if (++peer.missed < MISSED_MAX) continue;
      this.#evict(id).catch((error) => logger.warn("Cannot evict an instance that is gone", {}, error));
    }
  }

  /** Removes what an instance has written, and then the instance from the list: it may come back and write that again. */
  async #evict(id: string): Promise<void> {
    await this.#store.sweep(keys.presence.under(id));
    await this.#store.commit([], [remove(keys.heartbeat(id))]);
    await this.#store.update(keys.instances(), (ids) => {
      return ids?.includes(id) ? { value: ids.filter((other) => other !== id) } : undefined;
    });
  }

  async #addToList(): Promise<void> {
    await this.#store.update(keys.instances(), (ids) => {
      return ids?.includes(this.id) ? undefined : { value: [...ids ?? [], this.id] };
    });
  }

  /** Applies the list of instances. */
  #applyList(ids: readonly string[]): void {
    if (this.#closed) return;
    if (!ids.includes(this.id)) {
      this.#evicted = true;
      this.#addToList().catch((error) => logger.error("Cannot join the other instances", {}, error));
      return;
    }
    for (const [id, { unwatch }] of this.#peers) {
      if (ids.includes(id)) continue;
      unwatch();
      this.#peers.delete(id);
      this.#delegate.onLeave(id);
    }
    const joined = ids.filter((id) => id !== this.id && !this.#peers.has(id));
    for (const id of joined) {
      const unwatch = this.#heartbeats.watch(id, (heartbeat) => this.#onHeartbeat(id, heartbeat));
      this.#peers.set(id, { unwatch, missed: 0 });
    }
    this.#delegate.onPeers(this.hasPeers);
    if (joined.length === 0 && !this.#evicted) return;
    this.#evicted = false;
    this.#delegate.onJoin(joined);
    this.#heartbeat();
  }

  #onHeartbeat(id: string, heartbeat: Heartbeat | null): void {
    const peer = this.#peers.get(id);
    if (!peer || !heartbeat) return;
    peer.missed = 0;
    this.#delegate.onHeartbeat(id, heartbeat);
  }

  /** Leaves the others, who learn of it at once. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#heartbeats.close();
    this.#lists.close();
    await this.#writing;
    if (this.#timer === undefined) return;
    await this.#evict(this.id).catch((error) =>
      logger.warn("Cannot take this instance off the list as it stops", {}, error)
    );
  }
}
