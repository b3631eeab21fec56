/**
 * Read marks: how far an account has read each room, and from it what is unread.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { accountOf, type Actor, type Policy, requireAccount } from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { ReadMark } from "@/lib/model/membership.ts";
import type { Log } from "@/lib/store/log/log.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What an account hasn't read in a room. */
export interface Unread {
  readonly count: number;
  /** At most 100. */
  readonly mentions: number;
}

/** A room that an account follows: it belongs to it, or has read there. */
export interface Followed {
  readonly room: Room;
  /** Null where it never read, but was mentioned. */
  readonly mark: ReadMark | null;
  readonly mentions: number;
}

/** What is unread as of a head of the room's log. */
export function unread(head: Pick<Head, "posts">, { mark, mentions }: Omit<Followed, "room">): Unread {
  return { count: mark ? Math.max(0, head.posts - mark.posts) : mentions, mentions };
}

/** The read marks of all accounts. */
export class Reads {
  /** Marks over the counts of the rooms' logs. */
  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly rooms: Rooms,
    private readonly policy: Policy,
  ) {}

  /**
   * Sets how far the actor has read a room. A mark can go back too: that is "unread from here". A guest's mark isn't
   * kept.
   *
   * @returns Who has read it.
   * @throws {ChatError} `invalid` past the end of the log, or what the policy says.
   */
  async mark(actor: Actor, room: number, seq: number): Promise<Person> {
    const account = accountOf(actor), person = this.policy.markRead(await this.rooms.require(actor, room));
    const posts = await this.#postsUpTo(room, seq);
    if (!account) return person;
    await this.store.update(keys.read(account.id, room), async () => {
      const { access, checks } = await this.rooms.accessToCheck(actor, room);
      this.policy.markRead(access);
      return { value: { seq, posts }, checks, mutations: [notify(account.id)] };
    });
    return person;
  }

  async #postsUpTo(room: number, seq: number): Promise<number> {
    const head = await this.log.head(room);
    if (!head) throw new ChatError("room_not_found");
    if (seq > head.seq) throw new ChatError("invalid", "Can't mark as read past the last message.");
    return head.posts - (seq === head.seq ? 0 : await this.log.countPosts(room, seq, head.seq));
  }

  /** All rooms that an account follows and can read. */
  async followed(account: string): Promise<Followed[]> {
    const marks = new Map<number, ReadMark>(), mentions = new Map<number, number>();
    for await (const { key, value } of this.store.list(keys.read.under(account))) {
      marks.set(Number(key.at(-1)), value);
    }
    for await (const { key, value } of this.store.list(keys.mentions.under(account))) {
      const room = Number(key.at(-1)), read = marks.get(room)?.seq ?? 0;
      mentions.set(room, value.filter((seq) => seq > read).length);
    }
    const own = new Set(await this.rooms.of(account));
    const rooms = await this.rooms.getMany([...new Set([...own, ...marks.keys(), ...mentions.keys()])]);
    return rooms.filter(({ id, kind }) => kind === "public" || own.has(id)).map((room) => ({
      room,
      mark: marks.get(room.id) ?? null,
      mentions: mentions.get(room.id) ?? 0,
    }));
  }

  /** What the actor hasn't read in each room that they follow, and the heads of the logs. */
  async waiting(actor: Actor): Promise<(Unread & { readonly room: Room; readonly head: Head })[]> {
    const { id } = requireAccount(actor, "read");
    const followed = await this.followed(id);
    const heads = await this.store.getMany(followed.map(({ room }) => keys.head(room.id)));
    return followed.flatMap((follow, index) => {
      const head = heads[index]!.value;
      return head ? [{ room: follow.room, head, ...unread(head, follow) }] : [];
    });
  }
}
