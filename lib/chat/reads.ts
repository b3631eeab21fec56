/**
 * How far people have read: a mark for each account and room, and from it what is unread.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { accountOf, type Actor, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { ReadMark } from "@/lib/model/membership.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What waits for somebody in a room. */
export interface Unread {
  readonly count: number;
  /** At most 100. */
  readonly mentions: number;
}

/** A room that somebody follows: they belong to it or have read there. */
export interface Followed {
  readonly room: Room;
  /** Null where they never read, but were mentioned. */
  readonly mark: ReadMark | null;
  readonly mentions: number;
}

/** What is unread, by the head where the room's log stands. */
export function unread(head: Pick<Head, "posts">, { mark, mentions }: Omit<Followed, "room">): Unread {
  return { count: mark ? Math.max(0, head.posts - mark.posts) : mentions, mentions };
}

/** The read marks of all accounts. */
export class Reads {
  readonly #store: Store;
  readonly #log: Log;
  readonly #rooms: Rooms;
  readonly #policy: Policy;

  /** Marks over the log's own counts. */
  constructor(store: Store, log: Log, rooms: Rooms, policy: Policy) {
    this.#store = store;
    this.#log = log;
    this.#rooms = rooms;
    this.#policy = policy;
  }

  /**
   * Sets how far the actor has read a room. A mark can go back too: that is "unread from here". A guest's mark isn't
   * kept.
   *
   * @returns Who has read it.
   * @throws {ChatError} `invalid` past the end of the log, or what the policy says.
   */
  async mark(access: RoomAccess, seq: number): Promise<Person> {
    const person = this.#policy.markRead(access);
    const { room: { id }, actor } = access, account = accountOf(actor);
    const head = await this.#log.head(id);
    if (!head) throw new ChatError("room_not_found");
    if (seq > head.seq) throw new ChatError("invalid", "Can't mark as read past the last message.");
    if (!account) return person;
    const after = seq === head.seq ? 0 : await this.#log.countPosts(id, seq, head.seq);
    await this.#store.commit([], [
      put(keys.read(account.id, id), { seq, posts: head.posts - after }),
      notify(account.id),
    ]);
    return person;
  }

  /** Everything that an account follows and may read. */
  async followed(account: string): Promise<Followed[]> {
    const marks = new Map<number, ReadMark>();
    for await (const { key, value } of this.#store.list(keys.read.under(account))) {
      marks.set(Number(key.at(-1)), value);
    }
    const mentions = new Map<number, number>();
    for await (const { key, value } of this.#store.list(keys.mentions.under(account))) {
      const room = Number(key.at(-1)), read = marks.get(room)?.seq ?? 0;
      mentions.set(room, value.filter((seq) => seq > read).length);
    }
    const own = new Set(await this.#rooms.of(account));
    const rooms = await this.#rooms.getMany([...new Set([...own, ...marks.keys(), ...mentions.keys()])]);
    return rooms.filter(({ id, kind }) => kind === "public" || own.has(id)).map((room) => ({
      room,
      mark: marks.get(room.id) ?? null,
      mentions: mentions.get(room.id) ?? 0,
    }));
  }

  /** What waits for the actor in each room that they follow, and where those rooms stand. */
  async waiting(actor: Actor): Promise<(Unread & { readonly room: Room; readonly head: Head })[]> {
    const { id } = requireAccount(actor, "read");
    const followed = await this.followed(id);
    const heads = await this.#store.getMany(followed.map(({ room }) => keys.head(room.id)));
    return followed.flatMap((follow, index) => {
      const head = heads[index]!.value;
      return head ? [{ room: follow.room, head, ...unread(head, follow) }] : [];
    });
  }
}
