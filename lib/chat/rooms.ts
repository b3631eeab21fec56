/**
 * Rooms: make, find, list, change, delete with everything in them. Names of public rooms are unique.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { GENERAL, type Head, type Room, type RoomChange } from "@/lib/chat/entries.ts";
import type { Asker, Policy } from "@/lib/chat/policy.ts";
import { fold } from "@/lib/chat/fold.ts";
import { roomName } from "@/lib/chat/text.ts";
import { keys, roomPrefixes } from "@/lib/store/keys.ts";
import type { Log } from "@/lib/store/log.ts";
import { type Mutation, put, remove, type Store } from "@/lib/store/store.ts";

/** What a new room needs; the texts are clean already (text.ts). */
export interface NewRoom {
  readonly name: string;
  readonly description: string;
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
export type OnRoom = (event: "created" | "changed" | "deleted", room: Room) => void;

/** The rooms of a server. */
export class Rooms {
  readonly #store: Store;
  readonly #log: Log;
  readonly #policy: Policy;
  readonly #onRoom: OnRoom;

  /** @param onRoom Called after each commit. */
  constructor(store: Store, log: Log, policy: Policy, onRoom: OnRoom) {
    this.#store = store;
    this.#log = log;
    this.#policy = policy;
    this.#onRoom = onRoom;
  }

  /** Makes what every server has, the room `general`, and finishes deletions that were cut short. */
  async prepare(): Promise<void> {
    if ((await this.#store.get(keys.room(GENERAL))).value === null) {
      await this.#make({ name: "general", description: "Everything that concerns all of us." }, null).catch((error) => {
        // Another instance that starts at the same moment has just made it.
        if (!(error instanceof ChatError && error.code === "name_taken")) throw error;
      });
    }
    const cutShort: Deno.KvKey[] = [];
    for await (const { key } of this.#store.list(keys.sweep(1).schema, { prefix: ["sweep"] })) cutShort.push(key);
    for (const [, room] of cutShort) if (typeof room === "number") await this.#sweep(room);
  }

  /**
   * Makes a public room.
   *
   * @throws {ChatError} `name_taken`, or what the policy says.
   */
  create(asker: Asker, room: NewRoom): Promise<Room> {
    return this.#make(room, this.#policy.create(asker));
  }

  async #make({ name, description }: NewRoom, createdBy: Asker): Promise<Room> {
    while (true) {
      const byName = keys.roomByName(fold(name)), counter = keys.roomCounter();
      const [taken, last] = await this.#store.getMany([byName, counter]);
      if (taken!.value !== null) throw new ChatError("name_taken", `There is a room called "${name}" already.`);
      const room: Room = {
        id: (last!.value ?? 0) + 1,
        name,
        description,
        kind: "public",
        archived: false,
        createdAt: Date.now(),
        createdBy,
      };
      const committed = await this.#store.commit(
        [{ key: byName.path, versionstamp: null }, { key: counter.path, versionstamp: last!.versionstamp }],
        [
          put(counter, room.id),
          put(keys.room(room.id), room),
          put(byName, room.id),
          put(keys.head(room.id), { epoch: newEpoch(), seq: 0, posts: 0, at: 0 }),
        ],
      );
      if (committed === null) continue;
      this.#onRoom("created", room);
      return room;
    }
  }

  /**
   * The room that a path names: digits mean an id, all else a public room's name.
   *
   * @throws {ChatError} `room_not_found` where there is none that the asker may know of.
   */
  async find(asker: Asker, idOrName: string): Promise<Room> {
    const id = /^\d+$/.test(idOrName) ? Number(idOrName) : await this.#named(idOrName);
    const room = id !== null && Number.isSafeInteger(id) ? await this.get(id) : null;
    if (!room) {
      this.#policy.look(asker);
      throw new ChatError("room_not_found");
    }
    this.#policy.read(asker, room);
    return room;
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

  /** The rooms with an id after `after` that the asker may see, in order of id, at most `limit`. */
  async list(asker: Asker, options: { after?: number; limit: number; query?: string }): Promise<ListedRoom[]> {
    this.#policy.look(asker);
    const { after = 0, limit, query = "" } = options;
    const wanted = fold(query.trim());
    const start = after + 1, end = Number.MAX_SAFE_INTEGER;
    const heads = this.#store.list(keys.head(1).schema, { start: keys.head(start).path, end: keys.head(end).path });
    const listed: ListedRoom[] = [];
    let head = heads.next();
    for await (
      const { value: room } of this.#store.list(keys.room(1).schema, {
        start: keys.room(start).path,
        end: keys.room(end).path,
      })
    ) {
      let row = await head;
      while (!row.done && Number(row.value.key[1]) < room.id) row = await (head = heads.next());
      // Between the two reads a room may go.
      if (row.done || row.value.key[1] !== room.id) continue;
      if (room.kind !== "public" || (wanted && !fold(room.name).includes(wanted))) continue;
      listed.push({ room, head: row.value.value });
      if (listed.length === limit) break;
    }
    await heads.return(undefined);
    return listed;
  }

  /**
   * Renames, describes, archives or reopens a room. The change is an entry of its log.
   *
   * @throws {ChatError} `name_taken`, or what the policy says.
   */
  async update(asker: Asker, room: Room, patch: RoomPatch): Promise<Room> {
    const by = this.#policy.change(asker, room);
    const key = keys.room(room.id), byName = keys.roomByName(fold(patch.name ?? room.name));
    let updated = room;
    await this.#log.append(room.id, {
      reads: [key, byName],
      build: ({ seq, at }, [stored, owner]) => {
        const before = key.schema.nullable().parse(stored ?? null);
        if (!before) throw new ChatError("room_not_found");
        const { name = before.name, description = before.description, archived = before.archived } = patch;
        if (owner !== null && owner !== undefined && owner !== room.id) {
          throw new ChatError("name_taken", `There is a room called "${name}" already.`);
        }
        if (name === before.name && description === before.description && archived === before.archived) {
          return undefined;
        }
        updated = { ...before, name, description, archived };
        const entry: RoomChange = { type: "room", seq, at, by, name, description, archived };
        const also: Mutation[] = [put(key, updated)];
        if (fold(name) !== fold(before.name)) {
          also.push(remove(keys.roomByName(fold(before.name))), put(byName, room.id));
          return { entry, stored: entry, also, checks: [{ key: byName.path, versionstamp: null }] };
        }
        return { entry, stored: entry, also };
      },
    });
    if (updated !== room) this.#onRoom("changed", updated);
    return updated;
  }

  /**
   * Deletes a room and everything in it.
   *
   * @throws {ChatError} `room_not_found` where another was faster, or what the policy says.
   */
  async delete(asker: Asker, room: Room): Promise<void> {
    this.#policy.remove(asker, room);
    while (true) {
      const { value, versionstamp } = await this.#store.get(keys.room(room.id));
      if (!value) throw new ChatError("room_not_found");
      const committed = await this.#store.commit([{ key: keys.room(room.id).path, versionstamp }], [
        remove(keys.room(room.id)),
        remove(keys.roomByName(fold(value.name))),
        remove(keys.head(room.id)),
        put(keys.sweep(room.id), true),
      ]);
      if (committed === null) continue;
      this.#onRoom("deleted", value);
      await this.#sweep(room.id);
      return;
    }
  }

  async #sweep(room: number): Promise<void> {
    for (const prefix of roomPrefixes(room)) await this.#store.sweep(prefix);
    await this.#store.commit([], [remove(keys.sweep(room))]);
  }
}

/** A name for a log that no other log ever has. */
function newEpoch(): string {
  return crypto.randomUUID().slice(0, 8);
}
