/**
 * One process of a simulation: the real log, a real feed for each room that somebody reads here, and those who read.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import { Feed, recovery } from "@/lib/live/feed.ts";
import { Log, type OnCommit } from "@/lib/store/log/log.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import type { Disk } from "@/tests/simulation/disk.ts";
import type { Owner, Scheduler } from "@/tests/simulation/scheduler.ts";
import { SimulatedStore, type Weather } from "@/tests/simulation/store.ts";
import type { Witness } from "@/tests/simulation/oracle.ts";

/** What an instance is made of; a test puts a broken one in. */
export interface Parts {
  readonly Log: typeof Log;
  readonly Feed: typeof Feed;
  /** @param offer What the log calls after a commit. */
  store(store: LogStore, offer: OnCommit): LogStore;
}

/** The parts as they are. */
export const sound: Parts = { Log, Feed, store: (store) => store };

/** Where all instances are. */
export interface World {
  readonly disk: Disk;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly witness: Witness;
  readonly parts: Parts;
}

/** Somebody who reads a room here. What it is told comes later, and not any more once it has closed. */
export interface Session extends Owner {
  readonly room: number;
  live: boolean;
  closed: boolean;
  /** The log as it is known here; called once, before any entry. */
  greet(head: Head): void;
  tell(entries: readonly Entry[]): void;
  reset(head: Head): void;
}

/** A process. */
export class Instance implements Owner {
  readonly name: string;
  readonly log: Log;
  /** Rooms that are open here. */
  readonly feeds = new Map<number, Feed>();
  readonly #world: World;
  readonly #opening = new Map<number, Promise<Feed>>();
  readonly #sessions = new Set<Session>();

  /** Starts a process. */
  constructor(name: string, world: World) {
    const { parts, disk, scheduler, weather } = world;
    const offer: OnCommit = (room, head, entries) => void this.feeds.get(room)?.offer(head, entries);
    this.name = name;
    this.#world = world;
    this.log = new parts.Log(
      parts.store(new SimulatedStore(disk, scheduler, this, weather), offer),
      offer,
      () => scheduler.now,
      () => scheduler.now,
    );
  }

  /** The process is killed: nothing of it happens any more. */
  kill(): void {
    this.#world.scheduler.drop(this);
    this.#world.disk.unwatch(this);
  }

  /** Lets a reader in as the hub does: what it missed, and from then on everything. */
  async enter(session: Session, after: number | undefined, epoch: string | undefined): Promise<void> {
    const feed = await this.#feed(session.room);
    if (after !== undefined) await feed.waitFor({ after, epoch });
    if (session.closed) return;
    this.#sessions.add(session);
    session.greet(feed.head);
    let position = after;
    while (position !== undefined && !session.closed) {
      const need = recovery({ after: position, epoch }, feed.head);
      if (need === "reset") return session.reset(feed.head);
      if (need === "none") break;
      const missed = await feed.since(position);
      session.tell(missed);
      position = missed.at(-1)?.seq ?? feed.head.seq;
    }
    session.live = true;
  }

  /** A reader is gone. */
  leave(session: Session): void {
    session.closed = true;
    this.#sessions.delete(session);
  }

  #feed(room: number): Promise<Feed> {
    let opening = this.#opening.get(room);
    if (!opening) {
      this.#opening.set(room, opening = this.#open(room));
      opening.catch(() => this.#opening.delete(room));
    }
    return opening;
  }

  async #open(room: number): Promise<Feed> {
    const { disk, scheduler, parts } = this.#world;
    const head = await this.log.head(room);
    if (!head) throw new ChatError("room_not_found");
    const later = (act: () => void, wait: number) => scheduler.add(this, "a feed tries again", act, { wait });
    const feed = new parts.Feed(room, head, this.log, (entries) => this.#deliver(room, entries), later);
    this.feeds.set(room, feed);
    disk.watch(this, room, (head) => feed.onHead(head));
    return feed;
  }

  #deliver(room: number, entries: readonly Entry[]): void {
    const [first, last] = [entries[0]!, entries.at(-1)!];
    this.#world.scheduler.note(`${this.name} delivers ${first.seq} to ${last.seq} of room ${room}`);
    this.#world.witness.delivered(this.name, room, entries);
    for (const session of this.#sessions) {
      if (session.live && session.room === room) session.tell(entries);
    }
  }
}
