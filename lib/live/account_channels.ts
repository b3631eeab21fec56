/**
 * A desk is what one account's sockets here share: that a session of it has ended, which rooms came and went for it, and
 * what it has not read. Its bell says that there is something new; the store says what.
 * @module
 */
import type { RoomEvent } from "@/lib/model/cluster.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { type Followed, type Reads, type Unread, unread } from "@/lib/chat/reads.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { logger } from "@/lib/logger.ts";
import type { Connection } from "@/lib/live/connection.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What a desk reads from. */
export interface AccountChannelSources {
  readonly store: Store;
  readonly reads: Reads;
  readonly sessions: Sessions;
}

interface Follow {
  followed: Followed;
  head: Head | null;
  told: Unread;
  readonly unwatch: () => void;
}

const NOTHING: Unread = { count: 0, mentions: 0 };
/** News about what is unread goes out together, after so many milliseconds. */
const UNREAD_MS = 50;

/** The desks of all accounts that are here. */
export class AccountChannels {
  readonly #sources: AccountChannelSources;
  readonly #heads: KeyWatcher<number, Head>;
  readonly #bells: KeyWatcher<string, string>;
  readonly #desks = new Map<string, AccountChannel>();

  /** @param heads Where rooms stand, watched for everyone here. */
  constructor(sources: AccountChannelSources, heads: KeyWatcher<number, Head>) {
    this.#sources = sources;
    this.#heads = heads;
    this.#bells = new KeyWatcher(sources.store, keys.signal);
  }

  /** Gives an account's socket its place; guests have none. */
  attach(connection: Connection): AccountChannel | undefined {
    const account = accountOf(connection.actor);
    if (!account) return undefined;
    let desk = this.#desks.get(account.id);
    if (!desk) {
      desk = new AccountChannel(account.id, this.#sources, this.#heads, this.#bells);
      this.#desks.set(account.id, desk);
    } else desk.refresh();
    desk.connections.add(connection);
    return desk;
  }

  /** Takes a socket away from its desk. */
  detach(connection: Connection): void {
    const account = accountOf(connection.actor), desk = account && this.#desks.get(account.id);
    if (!account || !desk?.connections.delete(connection) || desk.connections.size > 0) return;
    desk.close();
    this.#desks.delete(account.id);
  }

  /** Ends every watch. */
  close(): void {
    for (const desk of this.#desks.values()) desk.close();
    this.#desks.clear();
    this.#bells.close();
  }
}

/** One account's place here. */
export class AccountChannel {
  readonly connections = new Set<Connection>();
  readonly #account: string;
  readonly #sources: AccountChannelSources;
  readonly #heads: KeyWatcher<number, Head>;
  readonly #unwatch: () => void;
  readonly #follows = new Map<number, Follow>();
  /** The rooms of the account that are not public, as they were told. */
  readonly #own = new Map<number, Room>();
  #bell: string | null | undefined;
  /** The last reading of what is new; the next one begins after it. */
  #reading: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    account: string,
    sources: AccountChannelSources,
    heads: KeyWatcher<number, Head>,
    bells: KeyWatcher<string, string>,
  ) {
    this.#account = account;
    this.#sources = sources;
    this.#heads = heads;
    this.#unwatch = bells.watch(account, (value) => {
      // The first ring too: something may have come since the sockets were told where they stand.
      if (value === this.#bell) return;
      this.#bell = value;
      this.refresh();
    });
  }

  /** Reads what waits for the account, and from then on tells its sockets of changes. */
  async open(): Promise<ReadonlyMap<number, Followed>> {
    if (!this.#following) await (this.#reading = this.#reading.then(() => this.#readFollows()));
    return new Map(this.#follows.entries().map(([room, { followed }]) => [room, followed]));
  }

  /** Whether anybody here wants to know what is unread. */
  get #following(): boolean {
    return this.#follows.size > 0 || this.#own.size > 0;
  }

  /** Looks again what is new for the account, and whether its sockets may stay. */
  refresh(): void {
    this.#reading = this.#reading.then(async () => {
      if (this.#closed) return;
      await this.#checkSessions();
      if (this.connections.values().some((connection) => connection.boundRoom === undefined)) await this.#readFollows();
    }).catch((error) => logger.error("Cannot read what is new for somebody, until the next ring", {}, error));
  }

  /** Ends the sockets of sessions that have ended; the others learn what their account may now. */
  async #checkSessions(): Promise<void> {
    // Whoever comes meanwhile has just been recognised.
    const seated = [...this.connections];
    const ids = new Set(seated.flatMap(({ actor }) => actor?.session ?? []));
    const known = new Map(
      await Promise.all([...ids].map(async (id) => [id, await this.#sources.sessions.resolve(id)] as const)),
    );
    for (const connection of seated) {
      const { actor } = connection;
      const found = actor?.session ? known.get(actor.session) : undefined;
      if (!actor || !found) connection.end(new ChatError("sign_in", "Your session has ended: sign in again."));
      else connection.actor = { ...found.identity, expiresAt: actor.expiresAt };
    }
  }

  async #readFollows(): Promise<void> {
    const list = await this.#sources.reads.followed(this.#account);
    const followed = new Map(list.map((follow) => [follow.room.id, follow]));
    const own = new Map(list.flatMap(({ room }) => room.kind === "public" ? [] : [[room.id, room] as const]));
    if (this.#closed) return;
    this.#tellRooms(own);
    for (const [room, { unwatch }] of this.#follows) {
      if (followed.has(room)) continue;
      unwatch();
      this.#follows.delete(room);
    }
    for (const [room, follow] of followed) {
      const known = this.#follows.get(room);
      if (known) known.followed = follow;
      else this.#follow(room, follow);
    }
    this.#tellSoon();
  }

  #follow(room: number, followed: Followed): void {
    const unwatch = this.#heads.watch(room, (head) => {
      const follow = this.#follows.get(room);
      if (!follow) return;
      follow.head = head;
      this.#tellSoon();
    });
    this.#follows.set(room, { followed, head: null, told: NOTHING, unwatch });
  }

  /** Rooms that are not public come, change and go for each account by itself. */
  #tellRooms(own: ReadonlyMap<number, Room>): void {
    const tell = (event: RoomEvent, room: Room) =>
      this.#tell((connection) => connection.codec.roomEvent?.(event, room));
    for (const [id, room] of own) {
      const known = this.#own.get(id);
      if (!known) tell("created", room);
      else if (isOther(known, room)) tell("changed", room);
    }
    for (const [id, room] of this.#own) if (!own.has(id)) tell("deleted", room);
    this.#own.clear();
    for (const [id, room] of own) this.#own.set(id, room);
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [room, follow] of this.#follows) {
        if (!follow.head) continue;
        const now = unread(follow.head, follow.followed), { told } = follow;
        if (told.count === now.count && told.mentions === now.mentions) continue;
        follow.told = now;
        // Who is in the room sees for themselves that there is more.
        const sees = (connection: Connection) => now.count > told.count && connection.subscriptions.has(room);
        this.#tell((connection) => sees(connection) ? undefined : connection.codec.unread?.(room, now));
      }
    }, UNREAD_MS);
  }

  #tell(frame: (connection: Connection) => string | undefined): void {
    for (const connection of this.connections) {
      if (connection.boundRoom === undefined && connection.admitted) connection.send(frame(connection));
    }
  }

  /** Ends its watches. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unwatch();
    for (const { unwatch } of this.#follows.values()) unwatch();
    this.#follows.clear();
  }
}

function isOther(one: Room, other: Room): boolean {
  return one.name !== other.name || one.description !== other.description || one.archived !== other.archived;
}
