/**
 * Rooms: make, find, list, change, delete with everything in them. Names of public rooms are unique.
 * @module
 */
import { z } from "zod";
import type { RoomEvent } from "@/lib/model/cluster.ts";
import { ChatError } from "@/lib/errors.ts";
import { type RoomChange } from "@/lib/model/entry.ts";
import type { Membership, Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import { splitMessageId } from "@/lib/model/message.ts";
import { GENERAL, type Head, type Room, roomTitle } from "@/lib/model/room.ts";
import { accountOf, type Actor, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import { fold } from "@/lib/model/names.ts";
import { roomName } from "@/lib/model/schema/text.ts";
import { notify } from "@/lib/store/signal.ts";
import type { Key } from "@/lib/store/key.ts";
import { directRoom, keys, ofRoom } from "@/lib/store/keys.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { type Check, type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What a new room needs; the texts are clean already (text.ts). */
export interface NewRoom {
  readonly name: string;
  readonly description: string;
  readonly kind?: "public" | "private" | undefined;
}

/** What may be changed of a room; what is absent stays. */
export interface RoomPatch {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly archived?: boolean | undefined;
}

/** A room and where its log stands. */
export interface ListedRoom {
  readonly room: Room;
  readonly head: Head;
}

/** Told when a room came, changed or went in this process. */
export type OnRoom = (event: RoomEvent, room: Room) => void;

/** What belonged to a deleted room is removed. */
const SWEEP_ROOM: JobKind<{ readonly room: number }> = { name: "sweep_room", payload: z.object({ room: z.int() }) };
/** Rooms that are read together for a list. */
const LISTED_AT_ONCE = 200;

/** The rooms of a server. */
export class Rooms {
  readonly #store: Store;
  readonly #log: Log;
  readonly #jobs: Jobs;
  readonly #policy: Policy;
  readonly #onRoom: OnRoom;
  #making: Promise<unknown> = Promise.resolve();

  /** @param onRoom Called after each commit. */
  constructor(store: Store, log: Log, jobs: Jobs, policy: Policy, onRoom: OnRoom) {
    this.#store = store;
    this.#log = log;
    this.#jobs = jobs;
    jobs.handle(SWEEP_ROOM, ({ room }, signal) => this.#sweep(room, signal));
    this.#policy = policy;
    this.#onRoom = onRoom;
  }

  /** Makes what every server has: the room `general`. */
  async prepare(): Promise<void> {
    if ((await this.#store.get(keys.room(GENERAL))).value === null) {
      const general = { name: "general", description: "Everything that concerns all of us.", kind: "public" } as const;
      await this.#make(general, null, []).catch((error) => {
        // Another instance that starts at the same moment has just made it.
        if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
      });
    }
  }

  /**
   * Creates a room. An account that creates one owns it.
   *
   * @param members Accounts that are members from the start, beside the actor.
   * @throws {ChatError} `name_taken`, or what the policy says.
   */
  create(
    actor: Actor,
    { name, description, kind = "public" }: NewRoom,
    members: readonly Person[] = [],
  ): Promise<Room> {
    return this.#make({ name, description, kind }, this.#policy.createRoom(actor, kind), members);
  }

  /**
   * The direct room of the actor and somebody else, made where there is none yet.
   *
   * @param name What the one who makes it calls it; may be empty.
   * @throws {ChatError} What the policy says.
   */
  async direct(actor: Actor, other: Person, name = ""): Promise<{ room: Room; made: boolean }> {
    const by = requireAccount(actor, "rooms");
    const known = (await this.#store.get(directRoom(by.id, other.id))).value;
    const room = known === null ? null : await this.get(known);
    if (room) return { room, made: false };
    try {
      return { room: await this.#make({ name, description: "", kind: "direct" }, by, [other]), made: true };
    } catch (error) {
      // The other one was faster.
      if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
      return await this.direct(actor, other, name);
    }
  }

  /** Makes a room once those that are being made here have been: they would only take each other's id. */
  #make(wanted: Pick<Room, "name" | "description" | "kind">, createdBy: Person | null, members: readonly Person[]) {
    const made = this.#making.then(() => this.#makeNext(wanted, createdBy, members));
    this.#making = made.catch(() => undefined);
    return made;
  }

  async #makeNext(
    wanted: Pick<Room, "name" | "description" | "kind">,
    createdBy: Person | null,
    members: readonly Person[],
  ) {
    const { kind, name } = wanted;
    const { room } = await this.#store.update(keys.roomCounter(), async (last) => {
      const people = [...(createdBy && !createdBy.guest ? [createdBy] : []), ...members];
      const room: Room = {
        id: (last ?? 0) + 1,
        ...wanted,
        archived: false,
        createdAt: Date.now(),
        createdBy,
        ...(kind === "direct" ? { between: people } : {}),
      };
      const unique = uniqueKey(room), checks: Check[] = [];
      const mutations: Mutation[] = [
        put(keys.room(room.id), room),
        put(keys.head(room.id), { epoch: newEpoch(), seq: 0, posts: 0, at: 0 }),
        ...people.flatMap((person) =>
          membershipMutations(room, person, person === createdBy && kind !== "direct" ? "owner" : "member")
        ),
        ...people.map(({ id }) => put(keys.read(id, room.id), { seq: 0, posts: 0 })),
      ];
      if (kind === "public") mutations.push(put(keys.publicRoom(room.id), true));
      if (unique) {
        checks.push({ key: unique.path, versionstamp: null });
        mutations.push(put(unique, room.id));
        if ((await this.#store.get(unique)).value !== null) throw nameTaken(name);
      }
      return { value: room.id, checks, mutations, room };
    });
    this.#onRoom("created", room);
    return room;
  }

  /**
   * The room that a path names, and what the actor is there: digits mean an id, all else a public room's name.
   *
   * @throws {ChatError} `room_not_found` where there is none that the actor may know of.
   */
  async find(actor: Actor, idOrName: string): Promise<RoomAccess> {
    const id = /^\d+$/.test(idOrName) ? Number(idOrName) : await this.#named(idOrName);
    if (id === null || !Number.isSafeInteger(id)) {
      this.#policy.browse(actor);
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
      this.#policy.browse(actor);
      throw new ChatError("room_not_found");
    }
    this.#policy.read(access);
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

  /** What the actor is in the room with this id, or null where there is no such room; asks nobody's permission. */
  async access(actor: Actor, id: number): Promise<RoomAccess | null> {
    const [room, role] = await Promise.all([this.get(id), this.role(actor, id)]);
    return room && { actor, room, role };
  }

  /** What the actor is in a room. */
  async role(actor: Actor, room: number): Promise<Role | null> {
    const account = accountOf(actor);
    return account && ((await this.#store.get(keys.member(room, account.id))).value?.role ?? null);
  }

  /** The id of the public room of this name. What no room can be called may be too long to be a key, and is not asked for. */
  async #named(text: string): Promise<number | null> {
    const name = roomName.safeParse(text);
    return name.success ? (await this.#store.get(keys.roomByName(fold(name.data)))).value : null;
  }

  /** The room with this id, or null; asks nobody's permission. */
  async get(id: number): Promise<Room | null> {
    return (await this.#store.get(keys.room(id))).value;
  }

  /** Those rooms with these ids that there are; asks nobody's permission. */
  async getMany(ids: readonly number[]): Promise<Room[]> {
    return (await this.#store.getMany(ids.map((id) => keys.room(id)))).flatMap(({ value }) => value ?? []);
  }

  /** The rooms with an id after `after` that the actor may see, in order of id, at most `limit`. */
  async list(actor: Actor, options: { after?: number; limit: number; query?: string }): Promise<ListedRoom[]> {
    this.#policy.browse(actor);
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
        this.#store.getMany(batch.map((id) => keys.room(id))),
        this.#store.getMany(batch.map((id) => keys.head(id))),
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
    const listed = this.#store.list(keys.publicRoom.between([after + 1], [Number.MAX_SAFE_INTEGER]));
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
    for await (const { key: [, , id] } of this.#store.list(keys.roomOf.under(account))) {
      if (typeof id === "number") ids.push(id);
    }
    return ids;
  }

  /**
   * Renames, describes, archives or reopens a room. The change is an entry of its log.
   *
   * @throws {ChatError} `name_taken`, or what the policy says.
   */
  async update(access: RoomAccess, patch: RoomPatch): Promise<Room> {
    const by = this.#policy.updateRoom(access), { room } = access;
    const key = keys.room(room.id), byName = keys.roomByName(fold(patch.name ?? room.name));
    const isPublic = room.kind === "public";
    let updated = room;
    await this.#log.append(room.id, {
      reads: [byName],
      mutations: 3,
      checks: 1,
      build: ({ seq, at }, { room: before, values: [owner] }) => {
        const { name = before.name, description = before.description, archived = before.archived } = patch;
        if (isPublic && owner !== null && owner !== undefined && owner !== room.id) throw nameTaken(name);
        if (name === before.name && description === before.description && archived === before.archived) {
          return undefined;
        }
        updated = { ...before, name, description, archived };
        const entry: RoomChange = { type: "room", seq, at, by, name, description, archived };
        const also: Mutation[] = [put(key, updated)];
        if (isPublic && fold(name) !== fold(before.name)) {
          also.push(remove(keys.roomByName(fold(before.name))), put(byName, room.id));
          return { entry, stored: entry, mutations: also, checks: [{ key: byName.path, versionstamp: null }] };
        }
        return { entry, stored: entry, mutations: also };
      },
    });
    if (updated !== room) {
      if (!isPublic) await this.#ring(room.id);
      this.#onRoom("changed", updated);
    }
    return updated;
  }

  /**
   * Deletes a room. It's gone at once, and what belonged to it by and by.
   *
   * @throws {ChatError} `room_not_found` where another was faster, or what the policy says.
   */
  async delete(access: RoomAccess): Promise<void> {
    this.#policy.deleteRoom(access);
    const { room } = access;
    const { gone } = await this.#store.update(keys.room(room.id), (gone) => {
      if (!gone) throw new ChatError("room_not_found");
      const unique = uniqueKey(gone);
      const mutations = [
        ...(unique ? [remove(unique)] : []),
        remove(keys.publicRoom(room.id)),
        remove(keys.head(room.id)),
        this.#jobs.enqueue(SWEEP_ROOM, { room: room.id }),
      ];
      return { value: null, mutations, gone };
    });
    this.#onRoom("deleted", gone);
  }

  /** Who belongs to a room or is banned from it, as they came; asks nobody's permission. */
  async *memberships(room: number): AsyncGenerator<Membership> {
    for await (const { value } of this.#store.list(keys.member.under(room))) yield value;
  }

  /** Tells everybody who belongs to a room that there is something new. */
  async #ring(room: number): Promise<void> {
    const rings: Mutation[] = [];
    for await (const { person } of this.memberships(room)) rings.push(notify(person.id));
    await this.#store.write(rings);
  }

  /** Removes what belonged to a room that is gone. */
  async #sweep(room: number, signal: AbortSignal): Promise<void> {
    for await (const { person } of this.memberships(room)) {
      signal.throwIfAborted();
      await this.#store.commit([], [
        remove(keys.roomOf(person.id, room)),
        remove(keys.read(person.id, room)),
        remove(keys.mentions(person.id, room)),
        notify(person.id),
      ]);
    }
    for (const selection of ofRoom(room)) await this.#store.sweep(selection, signal);
  }
}

/** The key that no two rooms of this kind may share, or undefined. */
function uniqueKey({ kind, name, between }: Room): Key<number> | undefined {
  if (kind === "public") return keys.roomByName(fold(name));
  const [one, other] = between ?? [];
  return one && other ? directRoom(one.id, other.id) : undefined;
}

/** What makes a person a member, and tells them. */
export function membershipMutations(room: Pick<Room, "id">, person: Person, role: Role): Mutation[] {
  const belongs = keys.roomOf(person.id, room.id);
  return [
    put(keys.member(room.id, person.id), { role, person, since: Date.now() }),
    role === "banned" ? remove(belongs) : put(belongs, true),
    notify(person.id),
  ];
}

function nameTaken(name: string): ChatError {
  return new ChatError("name_taken", `There is a room called "${name}" already.`);
}

/** A name for a log that no other log ever has. */
function newEpoch(): string {
  return crypto.randomUUID().slice(0, 8);
}
