/**
 * Who is online, over all instances.
 * @module
 */
import type { PresenceSync } from "@/lib/cluster/presence_sync.ts";
import type { Subscriber } from "@/lib/live/connection.ts";
import { Presence } from "@/lib/live/presence.ts";
import type { RoomChannel } from "@/lib/live/room_channel.ts";
import { fold } from "@/lib/model/names.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";

/** Answers who is online. */
export class Online {
  readonly #connections: ReadonlySet<Subscriber>;
  readonly #rooms: ReadonlyMap<number, { readonly channel: RoomChannel }>;
  readonly #remote: PresenceSync;

  /**
   * @param connections This process's sockets.
   * @param rooms The rooms that are open here.
   * @param remote What other instances say.
   */
  constructor(
    connections: ReadonlySet<Subscriber>,
    rooms: ReadonlyMap<number, { readonly channel: RoomChannel }>,
    remote: PresenceSync,
  ) {
    this.#connections = connections;
    this.#rooms = rooms;
    this.#remote = remote;
  }

  /** The people in a room, sorted by name. */
  people(room: number): readonly Present[] {
    return this.#presence(room).people;
  }

  /** How many people are in a room. */
  count(room: number): number {
    return this.#presence(room).size;
  }

  #presence(room: number): Presence {
    const open = this.#rooms.get(room);
    if (open) return open.channel.presence.state;
    const presence = new Presence();
    for (const [instance, remote] of this.#remote.inRoom(room)) presence.applyRemote(instance, remote);
    return presence;
  }

  /** How many people are in any room, each counted once. */
  get total(): number {
    const names = new Set<string>();
    for (const { channel } of this.#rooms.values()) {
      for (const name of channel.presence.state.byName.keys()) names.add(name);
    }
    for (const { name } of this.#remote.everyone()) names.add(fold(name));
    return names.size;
  }

  /** How many sockets are in a room; of those at other instances each person counts as one. */
  sockets(room: number): number {
    const remote = this.#remote.inRoom(room).reduce((sum, [, { people }]) => sum + people.length, 0);
    return (this.#rooms.get(room)?.channel.subscriptions.size ?? 0) + remote;
  }

  /** How many sockets there are. */
  get connections(): number {
    return this.#connections.size + this.#remote.connections;
  }

  /** Everyone with a socket here, or in a room at another instance, with their status, by id. */
  statuses(): Map<string, { readonly person: Person; readonly state: Status["state"] }> {
    const online = new Map<string, { readonly person: Person; readonly state: Status["state"] }>();
    const add = ({ status, ...person }: Present) => online.set(person.id, { person, state: status?.state ?? "online" });
    for (const person of this.#remote.everyone()) add(person);
    for (const { actor } of this.#connections) if (actor) add(actor.person);
    for (const { channel } of this.#rooms.values()) {
      for (const person of channel.presence.state.byName.values()) {
        if (person.status && online.has(person.id)) add(person);
      }
    }
    return online;
  }
}
