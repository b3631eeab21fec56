/**
 * The people in a room and those who type there, over all instances. Time is given, so that a test can play an hour in a
 * millisecond.
 * @module
 */
import type { InstancePresence } from "@/lib/model/cluster.ts";
import type { Person, Present, Status } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";

/** Grace period after a connection was cut, in milliseconds, so that a reload doesn't flicker. */
export const GRACE_MS = 2_000;
/** How long typing lasts unless it's renewed, in milliseconds. */
export const TYPING_MS = 6_000;

const NO_ONE: InstancePresence = { people: [], typing: [] };

interface LocalPerson {
  person: Present;
  sockets: number;
}

/** The people of one room. A name is there once, however many sockets it has. */
export class Presence {
  /** By instance, and by folded name. */
  readonly #remote = new Map<string, { people: Map<string, Present>; typing: Map<string, Person> }>();
  /** How many instances have a person of this name. */
  readonly #instanceCounts = new Map<string, number>();
  readonly #local = new Map<string, LocalPerson>();
  /** Names in their grace period, and its end; the first ends first. */
  readonly #leaving = new Map<string, number>();
  readonly #typing = new Map<string, { person: Person; until: number }>();

  /** Adds a socket of a person. Returns whether the name wasn't here before. */
  enter(person: Person): boolean {
    const key = fold(person.name), local = this.#local.get(key);
    if (local) {
      local.sockets++;
      this.#leaving.delete(key);
      return false;
    }
    this.#local.set(key, { person, sockets: 1 });
    this.#addInstance(key);
    return true;
  }

  /**
   * Removes a socket of a person.
   *
   * @param clean Whether the socket was closed cleanly; otherwise the name stays for {@link GRACE_MS}.
   * @returns Whether they have left now.
   */
  leave(person: Person, clean: boolean, now: number): boolean {
    const key = fold(person.name), local = this.#local.get(key);
    if (!local || --local.sockets > 0) return false;
    if (clean) this.#remove(key);
    else this.#leaving.set(key, now + GRACE_MS);
    return clean;
  }

  /** Sets a person's status. Returns whether it changed. */
  setStatus(person: Person, status: Status): boolean {
    const local = this.#local.get(fold(person.name)), before = local?.person.status;
    if (!local || (before?.state === status.state && before.text === status.text)) return false;
    local.person = { ...person, status };
    return true;
  }

  /** Starts or stops a person's typing. Returns whether that changed who types. */
  setTyping(person: Person, on: boolean, now: number): boolean {
    if (!on && this.#typing.size === 0) return false;
    const key = fold(person.name), before = this.#typing.has(key);
    if (on) this.#typing.set(key, { person, until: now + TYPING_MS });
    else this.#typing.delete(key);
    return before !== on;
  }

  /** Ends grace periods and typing that are over. Returns whether a person left, and whether typing ended. */
  expire(now: number): { left: boolean; typing: boolean } {
    let left = false, typing = false;
    for (const [key, { until }] of this.#typing) if (until <= now) typing = this.#typing.delete(key) || typing;
    for (const [key, until] of this.#leaving) {
      if (until > now) break;
      left = true;
      typing = this.#remove(key) || typing;
    }
    return { left, typing };
  }

  /** When `expire` next has something to do, or undefined. */
  get nextExpiry(): number | undefined {
    let next = this.#leaving.values().next().value ?? Infinity;
    for (const { until } of this.#typing.values()) next = Math.min(next, until);
    return next === Infinity ? undefined : next;
  }

  /** Takes over who is here at another instance; null for no one. */
  applyRemote(instance: string, remote: InstancePresence | null): void {
    const before = this.#remote.get(instance), { people, typing } = remote ?? NO_ONE;
    const now = { people: byName(people), typing: byName(typing) };
    for (const name of now.people.keys()) this.#addInstance(name);
    for (const name of before?.people.keys() ?? []) this.#removeInstance(name);
    if (remote) this.#remote.set(instance, now);
    else this.#remote.delete(instance);
  }

  /** Who is here, sorted by name. */
  get people(): readonly Present[] {
    return [...this.byName.values()].sort((one, other) => one.name < other.name ? -1 : 1);
  }

  /** Who is here by folded name, in the order in which they came. */
  get byName(): ReadonlyMap<string, Present> {
    const people = new Map(this.#local.entries().map(([name, { person }]) => [name, person]));
    for (const { people: others } of this.#remote.values()) {
      for (const [name, person] of others) if (!people.has(name)) people.set(name, person);
    }
    return people;
  }

  /** How many are here. */
  get size(): number {
    return this.#instanceCounts.size;
  }

  /** Those who type by folded name, in the order in which they began. */
  get typing(): ReadonlyMap<string, Person> {
    const typing = new Map(this.#typing.entries().map(([name, { person }]) => [name, person]));
    for (const { typing: others } of this.#remote.values()) {
      for (const [name, person] of others) typing.set(name, person);
    }
    return typing;
  }

  /** The people of this instance, and those of them who type. */
  get own(): InstancePresence {
    return {
      people: [...this.#local.values()].map(({ person }) => person),
      typing: [...this.#typing.values()].map(({ person }) => person),
    };
  }

  /** Those who type, without this person. */
  typingWithout(person: Person | null): readonly Person[] {
    const typing = new Map(this.typing);
    if (person) typing.delete(fold(person.name));
    return [...typing.values()];
  }

  /** Whether no one is here at this instance. */
  get empty(): boolean {
    return this.#local.size === 0;
  }

  #addInstance(key: string): void {
    this.#instanceCounts.set(key, (this.#instanceCounts.get(key) ?? 0) + 1);
  }

  #removeInstance(key: string): void {
    const left = (this.#instanceCounts.get(key) ?? 0) - 1;
    if (left > 0) this.#instanceCounts.set(key, left);
    else this.#instanceCounts.delete(key);
  }

  #remove(key: string): boolean {
    if (this.#local.delete(key)) this.#removeInstance(key);
    this.#leaving.delete(key);
    return this.#typing.delete(key);
  }
}

/** Whether two go by the same name in a room. */
export function samePerson(one: Person, other: Person): boolean {
  return one === other || fold(one.name) === fold(other.name);
}

function byName<P extends Person>(people: readonly P[]): Map<string, P> {
  return new Map(people.map((person) => [fold(person.name), person]));
}
