/**
 * Those who write and read in a simulation. They do what clients promise to do: send again what had no answer, come back
 * with the last `seq` that they have.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Instance, Session, World } from "@/tests/simulation/instance.ts";
import type { Owner } from "@/tests/simulation/scheduler.ts";
import { draftOf, type Operation } from "@/tests/simulation/operations.ts";
import { fold, type Reading } from "@/tests/simulation/oracle.ts";

/** Gives an instance that runs, or undefined where none does. */
export type FindInstance = () => Instance | undefined;

const CHANGES = ["edit", "edit", "delete", "pin", "unpin"] as const;
const BACK_MS = 200;

/** Somebody who writes. */
export class Writer implements Owner {
  readonly person: Person;
  readonly wishes: Operation[] = [];
  readonly #world: World;
  readonly #find: FindInstance;
  /** What is under way, and where. */
  readonly #attempts = new Set<{ readonly wish: Operation; readonly instance: Instance }>();

  /** @param digit A hex digit of their own. */
  constructor(readonly name: string, digit: string, world: World, find: FindInstance) {
    this.person = { id: digit.repeat(24), name, guest: true };
    this.#world = world;
    this.#find = find;
  }

  /** Wants something in a room: says something, or changes what anybody has said. */
  begin(room: number): void {
    const { scheduler, witness } = this.#world, { name } = this;
    const number = this.wishes.length + 1;
    const target = scheduler.happens(0.5) ? scheduler.pick([...witness.room(room).posts.keys()]) : undefined;
    const kind = target === undefined ? "post" : scheduler.pick(CHANGES)!;
    // Edits say one of a few things, so that some change nothing.
    const content = kind === "edit" ? `${scheduler.below(4)}` : `${name} says ${number}`;
    this.#send(this.add({ kind, name: `${name}'s ${kind} ${number}`, room, by: this.person, target, content }));
  }

  /** Has wanted something, that is perhaps done already. */
  add(wish: Omit<Operation, "done">, done = false): Operation {
    const added = { ...wish, done };
    this.wishes.push(added);
    return added;
  }

  /** Does not know whether something has come true, and sends it again; only a post may come a second time once it has. */
  repeat(): void {
    const wish = this.#world.scheduler.pick(this.wishes.filter(({ kind, done }) => kind === "post" || !done));
    if (wish) this.#send(wish);
  }

  /** An instance was killed: what was sent there is sent again. */
  lost(instance: Instance): void {
    for (const attempt of this.#attempts) {
      if (attempt.instance !== instance) continue;
      this.#attempts.delete(attempt);
      this.#again(attempt.wish);
    }
  }

  async #send(wish: Operation): Promise<void> {
    const { witness, scheduler } = this.#world, instance = this.#find();
    if (!instance) return this.#again(wish);
    const attempt = { wish, instance }, asked = witness.asked(wish);
    this.#attempts.add(attempt);
    scheduler.note(
      `${wish.name}${wish.target ? ` of ${wish.target}` : ""} in room ${wish.room} goes to ${instance.name}`,
    );
    try {
      const result = await instance.log.append(wish.room, draftOf(wish));
      witness.acknowledged(wish, result, asked);
      wish.done = true;
      scheduler.note(
        `${wish.name} is ${result.outcome}${result.outcome === "committed" ? ` as ${result.entry.seq}` : ""}`,
      );
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      scheduler.note(`${wish.name} gets ${error.code}: ${error.message}`);
      if (error.code === "store_unavailable") this.#again(wish);
      else {
        witness.refused(wish, error.code);
        wish.done = true;
      }
    } finally {
      this.#attempts.delete(attempt);
    }
  }

  #again(wish: Operation): void {
    if (wish.done) return;
    this.#world.scheduler.add(this, "sends again", () => wish.done || this.#send(wish), {
      wait: BACK_MS,
    });
  }
}

/** Somebody who reads one room. */
export class Reader implements Reading, Owner {
  readonly posts = new Map<number, Post>();
  since = 0;
  position = 0;
  #epoch: string | undefined;
  #knows: boolean;
  #at: { readonly instance: Instance; readonly session: Session } | undefined;
  readonly #world: World;
  readonly #find: FindInstance;

  /** @param after Where it begins; undefined for where the log stands when it comes. */
  constructor(
    readonly name: string,
    readonly room: number,
    after: number | undefined,
    world: World,
    find: FindInstance,
  ) {
    this.#knows = after !== undefined;
    this.since = this.position = after ?? 0;
    this.#world = world;
    this.#find = find;
  }

  /** Comes, or comes back. */
  async connect(): Promise<void> {
    const instance = this.#find(), { scheduler } = this.#world;
    if (!instance) return this.#back();
    const session = this.#session();
    this.#at = { instance, session };
    scheduler.note(`${this.name} comes to ${instance.name}${this.#knows ? ` after ${this.position}` : ""}`);
    try {
      await instance.enter(session, this.#knows ? this.position : undefined, this.#epoch);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (error.code !== "store_unavailable") {
        this.#world.witness.fault(`${this.name} is sent away with ${error.code}.`);
      }
      if (!session.closed) this.disconnect();
    }
  }

  /** Loses the connection, and what was on its way; comes back later. */
  disconnect(): void {
    if (!this.#at) return;
    const { instance, session } = this.#at;
    this.#at = undefined;
    instance.leave(session);
    this.#world.scheduler.drop(session);
    this.#back();
  }

  /** An instance was killed. */
  lost(instance: Instance): void {
    if (this.#at?.instance === instance) this.disconnect();
  }

  #back(): void {
    this.#world.scheduler.add(this, "comes back", () => this.connect(), { wait: BACK_MS });
  }

  #session(): Session {
    const { scheduler, witness } = this.#world, frames: (readonly Entry[])[] = [];
    const receive = () => {
      const [frame] = frames.splice(0, 1);
      for (const entry of frame ?? []) this.#take(entry);
      if (frames.length > 0) scheduler.add(session, "is told", receive);
    };
    const session: Session = {
      name: this.name,
      room: this.room,
      live: false,
      closed: false,
      greet: ({ epoch, seq }: Head) => {
        this.#epoch = epoch;
        if (!this.#knows) this.since = this.position = seq;
        this.#knows = true;
      },
      tell: (entries) => {
        if (session.closed) return;
        frames.push(entries);
        if (frames.length === 1) scheduler.add(session, "is told", receive);
      },
      reset: ({ seq }) => witness.reset(this, seq),
    };
    return session;
  }

  #take(entry: Entry): void {
    this.#world.witness.saw(this, entry);
    this.position = entry.seq;
    fold(this.posts, entry);
  }
}
