/**
 * What an account's sockets in this process share: sessions that end, rooms that come and go for it, and its unread
 * counts, which are pushed from here. A signal says that there's something new; the store says what.
 * @module
 */
import type { RoomEvent } from "@/lib/model/cluster.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { type Followed, type Reads, type Unread, unread } from "@/lib/chat/reads.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import { logger } from "@/lib/logger.ts";
import type { Subscriber } from "@/lib/live/connection.ts";
import { KeyWatcher } from "@/lib/store/watcher.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What account channels read from. */
export interface AccountChannelSources {
  readonly store: Store;
  readonly reads: Reads;
  readonly sessions: Sessions;
}

/** What each channel reads and watches. */
interface Sources extends Pick<AccountChannelSources, "reads" | "sessions"> {
  readonly heads: KeyWatcher<number, Head>;
  readonly signals: KeyWatcher<string, string>;
}

interface Follow {
  followed: Followed;
  head: Head | null;
  sent: Unread;
  readonly unwatch: () => void;
}

const NOTHING: Unread = { count: 0, mentions: 0 };
/** Unread counts that change within this time, in milliseconds, are pushed together. */
const UNREAD_MS = 50;

/** The channels of all accounts with a socket here. */
export class AccountChannels {
  readonly #sources: Sources;
  readonly #channels = new Map<string, AccountChannel>();

  /** @param heads The heads of rooms, watched for everyone here. */
  constructor({ store, reads, sessions }: AccountChannelSources, heads: KeyWatcher<number, Head>) {
    this.#sources = { reads, sessions, heads, signals: new KeyWatcher(store, keys.signal) };
  }

  /** Attaches a socket to its account's channel; guests have none. */
  attach(socket: Subscriber): AccountChannel | undefined {
    const account = accountOf(socket.actor);
    if (!account) return undefined;
    let channel = this.#channels.get(account.id);
    if (!channel) {
      channel = new AccountChannel(account.id, this.#sources);
      this.#channels.set(account.id, channel);
    } else channel.refresh();
    channel.sockets.add(socket);
    return channel;
  }

  /** Detaches a socket from its account's channel. */
  detach(socket: Subscriber): void {
    const account = accountOf(socket.actor), channel = account && this.#channels.get(account.id);
    if (!account || !channel?.sockets.delete(socket) || channel.sockets.size > 0) return;
    channel.close();
    this.#channels.delete(account.id);
  }

  /** Ends every watch. */
  close(): void {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
    this.#sources.signals.close();
  }
}

/** One account's sockets in this process. */
export class AccountChannel {
  readonly sockets = new Set<Subscriber>();
  readonly #account: string;
  readonly #sources: Sources;
  readonly #unwatch: () => void;
  readonly #follows = new Map<number, Follow>();
  #signal: string | null | undefined;
  /** The last read of what is new; the next one starts after it. */
  #reading: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(account: string, sources: Sources) {
    this.#account = account;
    this.#sources = sources;
    this.#unwatch = sources.signals.watch(account, (value) => {
      // The first value too: something may have come since the sockets were sent where they stand.
      if (value === this.#signal) return;
      this.#signal = value;
      this.refresh();
    });
  }

  /** Reads what is unread, and from then on pushes changes. */
  async open(): Promise<ReadonlyMap<number, Followed>> {
    if (this.#follows.size === 0) await (this.#reading = this.#reading.then(() => this.#readFollows()));
    return new Map(this.#follows.entries().map(([room, { followed }]) => [room, followed]));
  }

  /** Reads again what is new for the account, and whether its sessions still count. */
  refresh(): void {
    this.#reading = this.#reading.then(async () => {
      if (this.#closed) return;
      await this.#checkSessions();
      if (this.sockets.values().some((socket) => socket.boundRoom === undefined)) await this.#readFollows();
    }).catch((error) => logger.error("Cannot read what is new for an account, until its next signal", {}, error));
  }

  /** Closes the sockets of sessions that have ended, and renews the rights of the others. */
  async #checkSessions(): Promise<void> {
    // Sockets that are attached meanwhile have just been authenticated.
    const attached = [...this.sockets];
    const ids = new Set(attached.flatMap(({ actor }) => actor?.session ?? []));
    const known = new Map(
      await Promise.all([...ids].map(async (id) => [id, await this.#sources.sessions.resolve(id)] as const)),
    );
    for (const socket of attached) {
      const { actor } = socket;
      const found = actor?.session ? known.get(actor.session) : undefined;
      if (!actor || !found) socket.end(new ChatError("sign_in", "Your session has ended. Sign in again."));
      else socket.actor = { ...found.identity, expiresAt: actor.expiresAt };
    }
  }

  async #readFollows(): Promise<void> {
    const list = await this.#sources.reads.followed(this.#account);
    if (this.#closed) return;
    const gone = new Map(this.#follows);
    for (const followed of list) {
      const { room } = followed, known = this.#follows.get(room.id);
      gone.delete(room.id);
      if (!known) this.#follow(followed);
      else {
        if (isChanged(known.followed.room, room)) this.#sendRoom("changed", room);
        known.followed = followed;
      }
    }
    for (const [id, { followed, unwatch }] of gone) {
      unwatch();
      this.#follows.delete(id);
      this.#sendRoom("deleted", followed.room);
    }
    this.#pushUnreadSoon();
  }

  #follow(followed: Followed): void {
    const unwatch = this.#sources.heads.watch(followed.room.id, (head) => {
      follow.head = head;
      this.#pushUnreadSoon();
    });
    const follow: Follow = { followed, head: null, sent: NOTHING, unwatch };
    this.#follows.set(followed.room.id, follow);
    this.#sendRoom("created", followed.room);
  }

  /** Sends that one of the account's rooms has come, changed or gone. The hub sends that of public ones. */
  #sendRoom(event: RoomEvent, room: Room): void {
    if (room.kind !== "public") this.#send(({ codec }) => codec.roomEvent?.(event, room));
  }

  #pushUnreadSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [room, follow] of this.#follows) {
        if (!follow.head) continue;
        const now = unread(follow.head, follow.followed), { sent } = follow;
        if (sent.count === now.count && sent.mentions === now.mentions) continue;
        follow.sent = now;
        // Sockets in the room see for themselves that there's more.
        const sees = (socket: Subscriber) => now.count > sent.count && socket.subscriptions.has(room);
        this.#send((socket) => sees(socket) ? undefined : socket.codec.unread?.(room, now));
      }
    }, UNREAD_MS);
  }

  #send(frame: (socket: Subscriber) => string | undefined): void {
    for (const socket of this.sockets) {
      if (socket.boundRoom === undefined && socket.isAdmitted) socket.send(frame(socket));
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

function isChanged(before: Room, now: Room): boolean {
  return before.name !== now.name || before.description !== now.description || before.archived !== now.archived;
}
