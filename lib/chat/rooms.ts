/**
 * Rooms: created, changed and deleted. Names of public rooms are unique.
 * @module
 */
import { z } from "zod";
import type { RoomEvent } from "@/lib/model/cluster.ts";
import { ChatError } from "@/lib/errors.ts";
import { type RoomChange } from "@/lib/model/entry.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import { GENERAL, type Room } from "@/lib/model/room.ts";
import { type Actor, type Policy, requireAccount } from "@/lib/chat/policy.ts";
import { accessIn, rightsOf, sessionChecks } from "@/lib/chat/rights.ts";
import { RoomReader } from "@/lib/chat/room_reader.ts";
import { fold } from "@/lib/model/names.ts";
import { notify } from "@/lib/store/signal.ts";
import type { Key } from "@/lib/store/key.ts";
import { directRoom, keys, ofRoom } from "@/lib/store/keys.ts";
import type { JobKind, Jobs } from "@/lib/store/jobs.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** What a new room needs, parsed. */
export interface NewRoom {
  readonly name: string;
  readonly description: string;
  readonly kind?: "public" | "private" | undefined;
}

/** What can be changed of a room; what is absent stays. */
export interface RoomPatch {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly archived?: boolean | undefined;
}

/** Called when a room was created, changed or deleted in this process. */
export type OnRoom = (event: RoomEvent, room: Room) => void;

/** What belonged to a deleted room is removed. */
const SWEEP_ROOM: JobKind<{ readonly room: number }> = { name: "sweep_room", payload: z.object({ room: z.int() }) };

type Wanted = Pick<Room, "name" | "description" | "kind">;

/** The rooms of a server. */
export class Rooms extends RoomReader {
  #creating: Promise<unknown> = Promise.resolve();

  /** @param onRoom Called after each commit. */
  constructor(
    store: Store,
    private readonly log: Log,
    private readonly jobs: Jobs,
    policy: Policy,
    private readonly onRoom: OnRoom,
  ) {
    super(store, policy);
    jobs.handle(SWEEP_ROOM, ({ room }, signal) => this.#sweep(room, signal));
  }

  /** Creates the room `general` where there is none yet. */
  async prepare(): Promise<void> {
    if ((await this.store.get(keys.room(GENERAL))).value === null) {
      const general = { name: "general", description: "For everyone.", kind: "public" } as const;
      await this.#create(null, general, () => null, []).catch((error) => {
        // Another instance that starts at the same moment has just created it.
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
    return this.#create(actor, { name, description, kind }, () => this.policy.createRoom(actor, kind), members);
  }

  /**
   * The direct room of the actor and another account, created where there is none yet.
   *
   * @param name Its name for those who list it by name; can be empty.
   * @throws {ChatError} What the policy says.
   */
  async direct(actor: Actor, other: Person, name = ""): Promise<{ room: Room; made: boolean }> {
    const { id } = requireAccount(actor, "rooms");
    if (id === other.id) throw new ChatError("invalid", "Choose someone else to talk to.");
    const known = (await this.store.get(directRoom(id, other.id))).value;
    const room = known === null ? null : await this.get(known);
    if (room) return { room, made: false };
    try {
      const wanted = { name, description: "", kind: "direct" } as const;
      const created = await this.#create(actor, wanted, () => requireAccount(actor, "rooms"), [other]);
      return { room: created, made: true };
    } catch (error) {
      // The other one was faster.
      if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
      return await this.direct(actor, other, name);
    }
  }

  /** Creates a room after those that are being created here: they would only take each other's id. */
  #create(actor: Actor, wanted: Wanted, allow: () => Person | null, members: readonly Person[]): Promise<Room> {
    const created = this.#creating.then(() => this.#createNext(actor, wanted, allow, members));
    this.#creating = created.catch(() => undefined);
    return created;
  }

  async #createNext(actor: Actor, wanted: Wanted, allow: () => Person | null, members: readonly Person[]) {
    const { kind, name } = wanted;
    const { room } = await this.store.update(keys.roomCounter(), async (last) => {
      const checks = await sessionChecks(actor), createdBy = allow();
      const people = [...(createdBy && !createdBy.guest ? [createdBy] : []), ...members];
      const room: Room = {
        id: (last ?? 0) + 1,
        ...wanted,
        archived: false,
        createdAt: Date.now(),
        createdBy,
        ...(kind === "direct" ? { between: people } : {}),
      };
      const unique = uniqueKey(room);
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
        if ((await this.store.get(unique)).value !== null) throw nameTaken(name);
      }
      return { value: room.id, checks, mutations, room };
    });
    this.onRoom("created", room);
    return room;
  }

  /**
   * Renames, describes, archives or reopens a room. The change is an entry of its log.
   *
   * @throws {ChatError} `name_taken`, or what the policy says.
   */
  async update(actor: Actor, id: number, patch: RoomPatch): Promise<Room> {
    this.policy.browse(actor);
    const built: { room?: Room } = {};
    const { outcome } = await this.log.append(id, {
      ...rightsOf(actor),
      reads: patch.name === undefined ? undefined : [keys.roomByName(fold(patch.name))],
      mutations: 3,
      checks: 1,
      build: ({ seq, at }, context) => {
        const { room: before, values: [owner] } = context, by = this.policy.updateRoom(accessIn(actor, context));
        const { name = before.name, description = before.description, archived = before.archived } = patch;
        const isPublic = before.kind === "public", room = { ...before, name, description, archived };
        built.room = room;
        if (isPublic && typeof owner === "number" && owner !== id) throw nameTaken(name);
        if (name === before.name && description === before.description && archived === before.archived) {
          return undefined;
        }
        const entry: RoomChange = { type: "room", seq, at, by, name, description, archived };
        const mutations: Mutation[] = [put(keys.room(id), room)], byName = keys.roomByName(fold(name));
        if (!isPublic || fold(name) === fold(before.name)) return { entry, stored: entry, mutations };
        mutations.push(remove(keys.roomByName(fold(before.name))), put(byName, id));
        return { entry, stored: entry, mutations, checks: [{ key: byName.path, versionstamp: null }] };
      },
    });
    const { room } = built;
    if (!room) throw new Error("A room was neither changed nor left as it was");
    if (outcome === "committed") {
      if (room.kind !== "public") await this.#notifyMembers(id);
      this.onRoom("changed", room);
    }
    return room;
  }

  /**
   * Deletes a room. It's gone at once, and what belonged to it by and by.
   *
   * @throws {ChatError} `room_not_found`, or what the policy says.
   */
  async delete(actor: Actor, id: number): Promise<void> {
    const { gone } = await this.store.update(keys.room(id), async () => {
      const { access, checks } = await this.accessToCheck(actor, id), { room } = access, unique = uniqueKey(room);
      this.policy.deleteRoom({ ...access, room: { ...room, owned: room.owned || await this.#isOwned(room) } });
      const mutations = [
        ...(unique ? [remove(unique)] : []),
        remove(keys.publicRoom(id)),
        remove(keys.head(id)),
        this.jobs.enqueue(SWEEP_ROOM, { room: id }),
      ];
      return { value: null, checks, mutations, gone: room };
    });
    this.onRoom("deleted", gone);
  }

  /** Whether an account owns a room that no account created: rooms from before that was noted. */
  async #isOwned({ id, createdBy }: Room): Promise<boolean> {
    if (createdBy && !createdBy.guest) return true;
    for await (const { role } of this.memberships(id)) if (role === "owner") return true;
    return false;
  }

  /** Notifies everyone who belongs to a room. */
  async #notifyMembers(room: number): Promise<void> {
    const mutations: Mutation[] = [];
    for await (const { person } of this.memberships(room)) mutations.push(notify(person.id));
    await this.store.write(mutations);
  }

  /** Removes what belonged to a deleted room. */
  async #sweep(room: number, signal: AbortSignal): Promise<void> {
    for await (const { person } of this.memberships(room)) {
      signal.throwIfAborted();
      await this.store.commit([], [
        remove(keys.roomOf(person.id, room)),
        remove(keys.read(person.id, room)),
        remove(keys.mentions(person.id, room)),
        notify(person.id),
      ]);
    }
    for (const selection of ofRoom(room)) await this.store.sweep(selection, signal);
  }
}

/** The key that no two rooms of this kind may share, or undefined. */
function uniqueKey({ kind, name, between }: Room): Key<number> | undefined {
  if (kind === "public") return keys.roomByName(fold(name));
  const [one, other] = between ?? [];
  return one && other ? directRoom(one.id, other.id) : undefined;
}

/** Gives a person a role in a room, and notifies them. */
export function membershipMutations(room: Pick<Room, "id">, person: Person, role: Role): Mutation[] {
  const belongs = keys.roomOf(person.id, room.id);
  return [
    put(keys.member(room.id, person.id), { role, person, since: Date.now() }),
    role === "banned" ? remove(belongs) : put(belongs, true),
    notify(person.id),
  ];
}

function nameTaken(name: string): ChatError {
  return new ChatError("name_taken", `There is already a room called "${name}".`);
}

/** A name for a log that no other log ever has. */
function newEpoch(): string {
  return crypto.randomUUID().slice(0, 8);
}
