/**
 * Rooms, read: found by id or name, listed, and what an actor is there.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { accountOf, type Actor, type Policy, type RoomAccess } from "@/lib/chat/policy.ts";
import { sessionChecks } from "@/lib/chat/rights.ts";
import type { Membership, Role } from "@/lib/model/membership.ts";
import { splitMessageId } from "@/lib/model/message.ts";
import { fold } from "@/lib/model/names.ts";
import { type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import { roomName } from "@/lib/model/schema/text.ts";
import type { Check } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Store } from "@/lib/store/kv.ts";

/** A room and the head of its log. */
export interface ListedRoom {
  readonly room: Room;
  readonly head: Head;
}

/** Rooms that are read together for a list. */
const LISTED_AT_ONCE = 200;

/** Reads the rooms of a server. */
export class RoomReader {
  protected readonly store: Store;
  protected readonly policy: Policy;

  /** Reads rooms from a store, as the policy allows. */
  constructor(store: Store, policy: Policy) {
    this.store = store;
    this.policy = policy;
  }

  /**
   * The room that a path names, and what the actor is there: digits mean an id, all else a public room's name.
   *
   * @throws {ChatError} `room_not_found` where there is none that the actor may know of.
   */
  async find(actor: Actor, idOrName: string): Promise<RoomAccess> {
    const id = /^\d+$/.test(idOrName) ? Number(idOrName) : await this.#named(idOrName);
    if (id === null || !Number.isSafeInteger(id)) {
      this.policy.browse(actor);
      throw new ChatError("room_not_found");
    }
    return await this.require(actor, id);
  }

  /**
   * The room with this id, and what the actor is there.
   *
   * @throws {ChatError} `room_not_found` where there is none that the actor can know of.
   */
  async require(actor: Actor, id: number): Promise<RoomAccess> {
    const access = await this.access(actor, id);
    if (!access) {
      this.policy.browse(actor);
      throw new ChatError("room_not_found");
    }
    this.policy.read(access);
    return access;
  }

  /**
   * The room of a message, and what the actor is there.
   *
   * @throws {ChatError} `message_not_found` where the actor can't know of the room.
   */
  async ofMessage(actor: Actor, id: number): Promise<RoomAccess> {
    try {
      return await this.require(actor, splitMessageId(id)?.room ?? 0);
    } catch (error) {
      if (error instanceof ChatError && error.code === "room_not_found") throw new ChatError("message_not_found");
      throw error;
    }
  }

  /** What the actor is in the room with this id, or null where there is none; the policy isn't asked. */
  async access(actor: Actor, id: number): Promise<RoomAccess | null> {
    const [room, role] = await Promise.all([this.get(id), this.role(actor, id)]);
    return room && { actor, room, role };
  }

  /**
   * What the actor is in a room, read anew, and the checks that hold a commit to it.
   *
   * @throws {ChatError} `room_not_found`, or `sign_in` where the actor's session has ended.
   */
  async accessToCheck(actor: Actor, id: number): Promise<{ access: RoomAccess; checks: readonly Check[] }> {
    this.policy.browse(actor);
    const checks = await sessionChecks(actor);
    const key = keys.room(id), account = accountOf(actor), member = account && keys.member(id, account.id);
    const [room, membership] = await Promise.all([this.store.get(key), member && this.store.get(member)]);
    if (!room.value) throw new ChatError("room_not_found");
    checks.push({ key: key.path, versionstamp: room.versionstamp });
    if (member && membership) checks.push({ key: member.path, versionstamp: membership.versionstamp });
    return { access: { actor, room: room.value, role: membership?.value?.role ?? null }, checks };
  }

  /** What the actor is in a room. */
  async role(actor: Actor, room: number): Promise<Role | null> {
    const account = accountOf(actor);
    return account && ((await this.store.get(keys.member(room, account.id))).value?.role ?? null);
  }

  /** The id of the public room of this name. What no room can be called may be too long to be a key, and is not asked for. */
  async #named(text: string): Promise<number | null> {
    const name = roomName.safeParse(text);
    return name.success ? (await this.store.get(keys.roomByName(fold(name.data)))).value : null;
  }

  /** The room with this id, or null; the policy isn't asked. */
  async get(id: number): Promise<Room | null> {
    return (await this.store.get(keys.room(id))).value;
  }

  /** Those rooms with these ids that there are; the policy isn't asked. */
  async getMany(ids: readonly number[]): Promise<Room[]> {
    return (await this.store.getMany(ids.map((id) => keys.room(id)))).flatMap(({ value }) => value ?? []);
  }

  /** The rooms with an id after `after` that the actor may see, in order of id, at most `limit`. */
  async list(actor: Actor, options: { after?: number; limit: number; query?: string }): Promise<ListedRoom[]> {
    this.policy.browse(actor);
    const { after = 0, limit, query = "" } = options;
    const wanted = fold(query.trim());
    const listed: ListedRoom[] = [];
    const ids = this.#visible(actor, after);
    while (listed.length < limit) {
      const batch: number[] = [];
      const most = Math.min(LISTED_AT_ONCE, wanted ? LISTED_AT_ONCE : limit - listed.length);
      for (let next; batch.length < most && !(next = await ids.next()).done;) batch.push(next.value);
      if (batch.length === 0) break;
      const [rooms, heads] = await Promise.all([
        this.store.getMany(batch.map((id) => keys.room(id))),
        this.store.getMany(batch.map((id) => keys.head(id))),
      ]);
      rooms.forEach(({ value: room }, index) => {
        const head = heads[index]!.value;
        // Between the reads a room may go.
        if (!room || !head || listed.length === limit) return;
        if (fold(roomTitle(room, accountOf(actor))).includes(wanted)) listed.push({ room, head });
      });
    }
    await ids.return(undefined);
    return listed;
  }

  /** All rooms that the actor can read. */
  async *readable(actor: Actor): AsyncGenerator<Room> {
    for (let after = 0;;) {
      const page = await this.list(actor, { after, limit: LISTED_AT_ONCE });
      for (const { room } of page) yield room;
      if (page.length < LISTED_AT_ONCE) return;
      after = page.at(-1)!.room.id;
    }
  }

  /** Ids of the public rooms and of those that the actor belongs to, in order. */
  async *#visible(actor: Actor, after: number): AsyncGenerator<number, undefined> {
    const account = accountOf(actor);
    const own = account ? (await this.of(account.id)).filter((id) => id > after) : [];
    const listed = this.store.list(keys.publicRoom.between([after + 1], [Number.MAX_SAFE_INTEGER]));
    for await (const { key: [, id] } of listed) {
      if (typeof id !== "number") continue;
      while (own[0] !== undefined && own[0] < id) yield own.shift()!;
      if (own[0] === id) own.shift();
      yield id;
    }
    yield* own;
    return undefined;
  }

  /** Ids of the rooms that an account belongs to, in order. */
  async of(account: string): Promise<number[]> {
    const ids: number[] = [];
    for await (const { key: [, , id] } of this.store.list(keys.roomOf.under(account))) {
      if (typeof id === "number") ids.push(id);
    }
    return ids;
  }

  /** Who belongs to a room or is banned from it, as they came; the policy isn't asked. */
  async *memberships(room: number): AsyncGenerator<Membership> {
    for await (const { value } of this.store.list(keys.member.under(room))) yield value;
  }
}
