/**
 * The writers and readers of a simulation. They do what clients promise to do: send again what had no answer, and resume
 * after the last `seq` that they have.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import type { Node, Session, World } from "@/tests/simulation/node.ts";
import type { Owner } from "@/tests/simulation/scheduler.ts";
import type { Guard } from "@/lib/store/log/append.ts";
import { appendOf, type Operation } from "@/tests/simulation/operations.ts";
import { fold, OUT, type Reading, signInOf } from "@/tests/simulation/oracle.ts";

/** Picks a node that runs, or undefined where none does. */
export type FindNode = () => Node | undefined;

const CHANGES = ["edit", "edit", "delete", "pin", "unpin"] as const;
const BACK_MS = 200;

/** A client that posts, edits, deletes and pins. */
export class Writer implements Owner {
  readonly person: Person;
  readonly operations: Operation[] = [];
  readonly #world: World;
  readonly #find: FindNode;
  /** The operations under way, and the nodes that have them. */
  readonly #attempts = new Set<{ readonly operation: Operation; readonly node: Node }>();

  /** @param digit A hex digit that no other writer has. */
  constructor(readonly name: string, digit: string, world: World, find: FindNode) {
    this.person = { id: digit.repeat(24), name, guest: true };
    this.#world = world;
    this.#find = find;
  }

  /** Begins an operation in a room: a post, or a change of any message. */
  begin(room: number): void {
    const { scheduler, oracle } = this.#world, { name } = this;
    const number = this.operations.length + 1;
    const target = scheduler.happens(0.5) ? scheduler.pick([...oracle.room(room).posts.keys()]) : undefined;
    const kind = target === undefined ? "post" : scheduler.pick(CHANGES)!;
    // Edits say one of a few things, so that some change nothing.
    const content = kind === "edit" ? `${scheduler.below(4)}` : `${name} says ${number}`;
    this.#send(this.add({ kind, name: `${name}'s ${kind} ${number}`, room, by: this.person, target, content }));
  }

  /** Begins to archive or reopen a room, or to ban or admit a member. */
  moderate(room: number, member: Person): void {
    const { scheduler } = this.#world, on = scheduler.happens(0.4), isAboutRoom = scheduler.happens(0.5);
    const kind = isAboutRoom ? (on ? "archive" : "reopen") : (on ? "ban" : "admit");
    const name = `${this.name}'s ${kind} ${this.operations.length + 1}`;
    this.#send(this.add({ kind, name, room, by: this.person, content: "", ...(isAboutRoom ? {} : { member }) }));
  }

  /** Adds an operation, which may be done already. */
  add(operation: Omit<Operation, "done">, done = false): Operation {
    const added = { ...operation, done };
    this.operations.push(added);
    return added;
  }

  /** Sends an operation again, as if its answer had been lost: a post, or one that is not done. */
  repeat(): void {
    const operation = this.#world.scheduler.pick(this.operations.filter(({ kind, done }) => kind === "post" || !done));
    if (operation) this.#send(operation);
  }

  /** A node was killed: what was sent to it is sent again. */
  lost(node: Node): void {
    for (const attempt of this.#attempts) {
      if (attempt.node !== node) continue;
      this.#attempts.delete(attempt);
      this.#again(attempt.operation);
    }
  }

  async #send(operation: Operation): Promise<void> {
    const { oracle, scheduler } = this.#world, node = this.#find();
    if (!node) return this.#again(operation);
    const attempt = { operation, node }, asked = oracle.asked(operation);
    this.#attempts.add(attempt);
    scheduler.note(
      `${operation.name}${
        operation.target ? ` of ${operation.target}` : ""
      } in room ${operation.room} goes to ${node.name}`,
    );
    try {
      const result = await node.log.append(operation.room, appendOf(operation, this.#guard(node)));
      oracle.acknowledged(operation, result, asked);
      operation.done = true;
      scheduler.note(
        `${operation.name} is ${result.outcome}${result.outcome === "committed" ? ` as ${result.entry.seq}` : ""}`,
      );
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      scheduler.note(`${operation.name} gets ${error.code}: ${error.message}`);
      if (error.code === "store_unavailable") this.#again(operation);
      else {
        oracle.refused(operation, error.code, asked);
        operation.done = true;
      }
    } finally {
      this.#attempts.delete(attempt);
    }
  }

  /** Holds as long as the writer may sign in. */
  #guard({ store }: Node): Guard {
    const key = signInOf(this.person), row = this.#world.database.row(key.path);
    const guard = {
      check: { key: key.path, versionstamp: row?.versionstamp ?? null },
      async refresh() {
        const { value, versionstamp } = await store.get(key);
        if (value === OUT) throw new ChatError("sign_in");
        guard.check = { key: key.path, versionstamp };
      },
    };
    // What it was resolved from says already that it does not hold.
    if (row?.value === OUT) guard.check = { key: key.path, versionstamp: "out" };
    return guard;
  }

  #again(operation: Operation): void {
    if (operation.done) return;
    this.#world.scheduler.add(this, "sends again", () => operation.done || this.#send(operation), {
      wait: BACK_MS,
    });
  }
}

/** A client that reads one room. */
export class Reader implements Reading, Owner {
  readonly posts = new Map<number, Post>();
  since = 0;
  position = 0;
  #epoch: string | undefined;
  #hasPosition: boolean;
  #at: { readonly node: Node; readonly session: Session } | undefined;
  readonly #world: World;
  readonly #find: FindNode;

  /** @param after The `seq` after which it begins; undefined for the head when it first connects. */
  constructor(
    readonly name: string,
    readonly room: number,
    after: number | undefined,
    world: World,
    find: FindNode,
  ) {
    this.#hasPosition = after !== undefined;
    this.since = this.position = after ?? 0;
    this.#world = world;
    this.#find = find;
  }

  /** Connects, or reconnects. */
  async connect(): Promise<void> {
    const node = this.#find(), { scheduler } = this.#world;
    if (!node) return this.#reconnect();
    const session = this.#session();
    this.#at = { node, session };
    scheduler.note(`${this.name} connects to ${node.name}${this.#hasPosition ? ` after ${this.position}` : ""}`);
    try {
      await node.enter(session, this.#hasPosition ? this.position : undefined, this.#epoch);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      if (error.code !== "store_unavailable") {
        this.#world.oracle.report(`${this.name} is refused with ${error.code}.`);
      }
      if (!session.closed) this.disconnect();
    }
  }

  /** Loses the connection, and what was on its way; reconnects later. */
  disconnect(): void {
    if (!this.#at) return;
    const { node, session } = this.#at;
    this.#at = undefined;
    node.leave(session);
    this.#world.scheduler.drop(session);
    this.#reconnect();
  }

  /** A node was killed. */
  lost(node: Node): void {
    if (this.#at?.node === node) this.disconnect();
  }

  #reconnect(): void {
    this.#world.scheduler.add(this, "reconnects", () => this.connect(), { wait: BACK_MS });
  }

  #session(): Session {
    const { scheduler, oracle } = this.#world, frames: (readonly Entry[])[] = [];
    const receive = () => {
      const [frame] = frames.splice(0, 1);
      for (const entry of frame ?? []) this.#take(entry);
      if (frames.length > 0) scheduler.add(session, "receives", receive);
    };
    const session: Session = {
      name: this.name,
      room: this.room,
      live: false,
      closed: false,
      greet: ({ epoch, seq }: Head) => {
        this.#epoch = epoch;
        if (!this.#hasPosition) this.since = this.position = seq;
        this.#hasPosition = true;
      },
      send: (entries) => {
        if (session.closed) return;
        frames.push(entries);
        if (frames.length === 1) scheduler.add(session, "receives", receive);
      },
      reset: ({ seq }) => oracle.reset(this, seq),
    };
    return session;
  }

  #take(entry: Entry): void {
    this.#world.oracle.saw(this, entry);
    this.position = entry.seq;
    fold(this.posts, entry);
  }
}
