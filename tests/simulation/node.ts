/**
 * One process of a simulation: the real log, a real feed for each room that is read here, and the sessions of readers.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import { Feed, recovery } from "@/lib/live/feed.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import { Log, type OnCommit } from "@/lib/store/log/log.ts";
import type { Database } from "@/tests/simulation/database.ts";
import type { Owner, Scheduler } from "@/tests/simulation/scheduler.ts";
import { type Failures, SimulatedStore } from "@/tests/simulation/store.ts";
import type { Oracle } from "@/tests/simulation/oracle.ts";

/** The classes that a node runs; mutants replace them. */
export interface Parts {
  readonly Log: typeof Log;
  readonly Feed: typeof Feed;
}

/** The classes of the program. */
export const sound: Parts = { Log, Feed };

/** What all nodes share. */
export interface World {
  readonly database: Database;
  readonly scheduler: Scheduler;
  readonly failures: Failures;
  readonly oracle: Oracle;
  readonly parts: Parts;
}

/** The connection of a reader of one room. Entries arrive later, and not at all once it is closed. */
export interface Session extends Owner {
  readonly room: number;
  live: boolean;
  closed: boolean;
  /** The head as it is known here; called once, before any entry. */
  greet(head: Head): void;
  send(entries: readonly Entry[]): void;
  reset(head: Head): void;
}

/** A process. */
export class Node implements Owner {
  readonly name: string;
  readonly log: Log;
  readonly store: LogStore;
  /** Rooms that are open here. */
  readonly feeds = new Map<number, Feed>();
  readonly #world: World;
  readonly #opening = new Map<number, Promise<Feed>>();
  readonly #sessions = new Set<Session>();

  /** Starts a process. */
  constructor(name: string, world: World) {
    const { parts, database, scheduler, failures } = world;
    const onCommit: OnCommit = (room, head, entries) => void this.feeds.get(room)?.offer(head, entries);
    this.name = name;
    this.#world = world;
    this.store = new SimulatedStore(database, scheduler, this, failures);
    this.log = new parts.Log(
      this.store,
      onCommit,
      () => scheduler.now,
      () => scheduler.now,
    );
  }

  /** Kills the process: everything that it has begun is dropped. */
  kill(): void {
    this.#world.scheduler.drop(this);
    this.#world.database.unwatch(this);
  }

  /** Lets a reader in as the hub does: it gets what it missed, and from then on everything. */
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
      session.send(missed);
      position = missed.at(-1)?.seq ?? feed.head.seq;
    }
    session.live = true;
  }

  /** Closes a session. */
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
    const { database, scheduler, parts } = this.#world;
    const head = await this.log.head(room);
    if (!head) throw new ChatError("room_not_found");
    const later = (act: () => void, wait: number) => scheduler.add(this, "a feed tries again", act, { wait });
    const feed = new parts.Feed(room, head, this.log, (entries) => this.#deliver(room, entries), later);
    this.feeds.set(room, feed);
    database.watch(this, room, (head) => feed.onHead(head));
    return feed;
  }

  #deliver(room: number, entries: readonly Entry[]): void {
    const [first, last] = [entries[0]!, entries.at(-1)!];
    this.#world.scheduler.note(`${this.name} delivers ${first.seq} to ${last.seq} of room ${room}`);
    this.#world.oracle.delivered(this.name, room, entries);
    for (const session of this.#sessions) {
      if (session.live && session.room === room) session.send(entries);
    }
  }
}
