/**
 * Who is in a room and who types there, as far as this process sees it. Time is given, never asked for, so that a test
 * can play an hour in a millisecond.
 * @module
 */
import type { Person, Present, Status } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";

/** How long a name stays after a connection that was cut, in milliseconds: a reload does not flicker. */
export const GRACE = 2_000;
/** How long typing lasts without another sign of it, in milliseconds. */
export const TYPING = 6_000;

interface Here {
  person: Present;
  sockets: number;
}

/** The people of one room. A name is there once, however many sockets it has. */
export class Presence {
  /** What other instances tell. */
  readonly #elsewhere = new Map<
    string,
    { people: ReadonlyMap<string, Present>; typing: ReadonlyMap<string, Person> }
  >();
  /** How many instances know somebody of this name to be here. */
  readonly #holders = new Map<string, number>();
  readonly #here = new Map<string, Here>();
  /** Names without a socket, and until when they stay; the first runs out first. */
  readonly #leaving = new Map<string, number>();
  readonly #typing = new Map<string, { person: Person; until: number }>();

  /** One more socket of this person. Returns whether the name was not here before. */
  enter(person: Person): boolean {
    const key = fold(person.name), here = this.#here.get(key);
    if (here) {
      here.sockets++;
      this.#leaving.delete(key);
      return false;
    }
    this.#here.set(key, { person, sockets: 1 });
    this.#hold(key);
    return true;
  }

  /**
   * One socket of this person less.
   *
   * @param clean Whether the client said goodbye; otherwise the name stays for {@link GRACE}.
   * @returns Whether they have left now.
   */
  leave(person: Person, clean: boolean, now: number): boolean {
    const key = fold(person.name), here = this.#here.get(key);
    if (!here || --here.sockets > 0) return false;
    if (clean) this.#remove(key);
    else this.#leaving.set(key, now + GRACE);
    return clean;
  }

  /** Sets what somebody says of themselves. Returns whether that is something new. */
  tell(person: Person, status: Status): boolean {
    const here = this.#here.get(fold(person.name)), before = here?.person.status;
    if (!here || (before?.state === status.state && before.text === status.text)) return false;
    here.person = { ...person, status };
    return true;
  }

  /** Sets or ends someone's typing. Returns whether that changed who types. */
  type(person: Person, on: boolean, now: number): boolean {
    if (!on && this.#typing.size === 0) return false;
    const key = fold(person.name), before = this.#typing.has(key);
    if (on) this.#typing.set(key, { person, until: now + TYPING });
    else this.#typing.delete(key);
    return before !== on;
  }

  /** Removes what has run out: whether someone left, and whether someone's typing ended. */
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

  /** Takes what another instance tells of this room; null for nobody. */
  tellElsewhere(instance: string, told: { people: readonly Present[]; typing: readonly Person[] } | null): void {
    const before = this.#elsewhere.get(instance);
    const people = new Map((told?.people ?? []).map((person) => [fold(person.name), person]));
    for (const key of people.keys()) this.#hold(key);
    for (const key of before?.people.keys() ?? []) this.#release(key);
    if (!told) this.#elsewhere.delete(instance);
    else {
      const typing = new Map(told.typing.map((person) => [fold(person.name), person]));
      this.#elsewhere.set(instance, { people, typing });
    }
  }

  /** Who is here, sorted by name. */
  get people(): readonly Present[] {
    return [...this.byName.values()].sort((a, b) => byName(a.name, b.name));
  }

  /** Who is here, in the order in which they came, by the names that two people cannot share. */
  get byName(): ReadonlyMap<string, Present> {
    const people = new Map(this.#here.entries().map(([name, { person }]) => [name, person]));
    for (const { people: others } of this.#elsewhere.values()) {
      for (const [name, person] of others) if (!people.has(name)) people.set(name, person);
    }
    return people;
  }

  /** How many are here. */
  get size(): number {
    return this.#holders.size;
  }

  /** Those who type, in the order in which they began. */
  get typing(): readonly Person[] {
    return [...this.#typers.values()];
  }

  get #typers(): ReadonlyMap<string, Person> {
    const typing = new Map(this.#typing.entries().map(([name, { person }]) => [name, person]));
    for (const { typing: others } of this.#elsewhere.values()) {
      for (const [name, person] of others) typing.set(name, person);
    }
    return typing;
  }

  /** What this instance alone knows: those with a socket here or in a grace, and those of them who type. */
  get own(): { readonly people: readonly Present[]; readonly typing: readonly Person[] } {
    return {
      people: [...this.#here.values()].map(({ person }) => person),
      typing: [...this.#typing.values()].map(({ person }) => person),
    };
  }

  /** The names of those who type, but for this person's own. */
  typingBeside(person: Person | null): readonly string[] {
    const own = person && fold(person.name);
    return [...this.#typers].flatMap(([key, { name }]) => key === own ? [] : [name]);
  }

  /** Whether nobody has a socket here, or is in a grace. */
  get empty(): boolean {
    return this.#here.size === 0;
  }

  #hold(key: string): void {
    this.#holders.set(key, (this.#holders.get(key) ?? 0) + 1);
  }

  #release(key: string): void {
    const left = (this.#holders.get(key) ?? 0) - 1;
    if (left > 0) this.#holders.set(key, left);
    else this.#holders.delete(key);
  }

  #remove(key: string): boolean {
    if (this.#here.delete(key)) this.#release(key);
    this.#leaving.delete(key);
    return this.#typing.delete(key);
  }
}

/** Whether two go by the same name in a room. */
export function samePerson(one: Person, other: Person): boolean {
  return one === other || fold(one.name) === fold(other.name);
}

function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
