/**
 * Who is online, over all instances.
 * @module
 */
import type { PresenceSync } from "@/lib/cluster/presence_sync.ts";
import { Presence } from "@/lib/live/presence.ts";
import type { RoomChannel } from "@/lib/live/room_channel.ts";
import type { Subscriber } from "@/lib/live/subscription.ts";
import { fold } from "@/lib/model/names.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";

/** What is asked about. */
export interface OnlineSources {
  readonly connections: ReadonlySet<Subscriber>;
  readonly presenceSync: PresenceSync;
  /** The channels of the rooms that are open here. */
  channels(): Iterable<RoomChannel>;
  /** The channel of a room that is open here. */
  channel(room: number): RoomChannel | undefined;
}

/** Answers who is online. */
export class Online {
  readonly #sources: OnlineSources;

  /** @param sources This process's sockets, and what other instances say. */
  constructor(sources: OnlineSources) {
    this.#sources = sources;
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
    const channel = this.#sources.channel(room);
    if (channel) return channel.presence.presence;
    const presence = new Presence();
    for (const [instance, remote] of this.#sources.presenceSync.inRoom(room)) presence.applyRemote(instance, remote);
    return presence;
  }

  /** How many people are in any room, each counted once. */
  get total(): number {
    const names = new Set<string>();
    for (const { presence } of this.#sources.channels()) {
      for (const name of presence.presence.byName.keys()) names.add(name);
    }
    for (const { name } of this.#sources.presenceSync.everyone()) names.add(fold(name));
    return names.size;
  }

  /** How many sockets are in a room; of those at other instances each person counts as one. */
  sockets(room: number): number {
    const remote = this.#sources.presenceSync.inRoom(room).reduce((sum, [, { people }]) => sum + people.length, 0);
    return (this.#sources.channel(room)?.subscriptions.size ?? 0) + remote;
  }

  /** How many sockets there are. */
  get connections(): number {
    return this.#sources.connections.size + this.#sources.presenceSync.connections;
  }

  /** The ids of everyone with a socket here, or in a room at another instance. */
  ids(): ReadonlySet<string> {
    const ids = new Set<string>();
    for (const { actor } of this.#sources.connections) if (actor) ids.add(actor.person.id);
    for (const { id } of this.#sources.presenceSync.everyone()) ids.add(id);
    return ids;
  }

  /** Everyone with a socket here, or in a room at another instance, with their status, by id. */
  statuses(): Map<string, { readonly person: Person; readonly state: Status["state"] }> {
    const online = new Map<string, { readonly person: Person; readonly state: Status["state"] }>();
    const add = ({ status, ...person }: Present) => online.set(person.id, { person, state: status?.state ?? "online" });
    for (const person of this.#sources.presenceSync.everyone()) add(person);
    for (const { actor } of this.#sources.connections) if (actor) add(actor.person);
    for (const { presence } of this.#sources.channels()) {
      for (const person of presence.presence.people) if (person.status && online.has(person.id)) add(person);
    }
    return online;
  }
}
