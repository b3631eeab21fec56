/**
 * The simulation's oracle: it knows each log from the commits that took effect, and holds everything that nodes deliver
 * and acknowledge against that.
 * @module
 */
import { changed, type Entry, isPost, subject } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Appended } from "@/lib/store/log/append.ts";
import type { Key } from "@/lib/store/key.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { Mutation } from "@/lib/store/commit.ts";
import type { Database } from "@/tests/simulation/database.ts";
import type { Operation } from "@/tests/simulation/operations.ts";

/** What stands at {@link signInOf} a writer that may not sign in. */
export const OUT = "out";

/** Says whether a writer may sign in. */
export function signInOf({ id }: Pick<Person, "id">): Key<string> {
  return keys.signal(id);
}

/** A room's log as the commits have made it. */
interface Truth {
  readonly entries: StoredEntry[];
  /** The messages that stand. */
  readonly posts: Map<number, Post>;
  /** What each edit made of its message, by the edit's `seq`; null where another of the same commit came after it. */
  readonly edits: Map<number, string | null>;
  /** The post of each nonce, by its author. */
  readonly nonces: Map<string, number>;
  /** Every state in which a message ever was, in order. */
  readonly states: Post[];
  made: number;
}

/** What a message was when an operation on it was sent. */
export interface Asked {
  readonly before: Post | undefined;
  /** The index of the first state after that. */
  readonly from: number;
  /** How many commits had taken effect. */
  readonly moment: number;
}

/** What a reader has: its position, and the messages that it makes of the entries. */
export interface Reading {
  readonly name: string;
  readonly room: number;
  /** The `seq` after which it began. */
  readonly since: number;
  readonly position: number;
  readonly posts: ReadonlyMap<number, Post>;
}

/** Records commits, and reports what breaks a promise. */
export class Oracle {
  /** Every promise that was broken, in a sentence each. */
  readonly violations: string[] = [];
  readonly #rooms = new Map<number, Truth>();
  /** Until when each right was denied, in commits: for good where it is denied now. */
  readonly #denied = new Map<string, number>();
  #moment = 0;
  /** The `seq` with which each operation was acknowledged. */
  readonly #acknowledged = new Map<Operation, number>();

  /** A room's log as it is known here. */
  room(room: number): Truth {
    let truth = this.#rooms.get(room);
    if (!truth) {
      truth = { entries: [], posts: new Map(), edits: new Map(), nonces: new Map(), states: [], made: 0 };
      this.#rooms.set(room, truth);
    }
    return truth;
  }

  /** A commit has taken effect. */
  applied(mutations: readonly Mutation[]): void {
    const ends = new Map<number, number>(), rows = new Map<number, StoredEntry[]>();
    this.#moment++;
    for (const change of mutations) {
      if (change.type === "delete") continue;
      if (change.key[0] === signInOf({ id: "" }).path[0]) {
        this.#deny(`${String(change.key[1])} is out`, change.value === OUT);
      }
      const [kind, , last] = change.key, room = Number(change.key[1]);
      if (kind === "head") ends.set(room, keys.head.schema.parse(change.value).seq);
      if (kind !== "log") continue;
      const row = keys.log.schema.parse(change.value);
      if (row.at(-1)?.seq !== last) this.report(`A row of room ${room} does not end where its key says.`);
      rows.set(room, [...rows.get(room) ?? [], ...row]);
    }
    for (const [room, entries] of rows) this.#written(room, entries);
    for (const [room, end] of ends) {
      const { entries } = this.room(room);
      if (entries.length !== end) this.report(`Room ${room} has ${entries.length} entries, and its head says ${end}.`);
    }
  }

  /** What one commit has written to a room: new entries, and earlier ones again. */
  #written(room: number, written: readonly StoredEntry[]): void {
    const truth = this.room(room), { length } = truth.entries;
    const added = written.filter(({ seq }) => seq > length).sort((one, other) => one.seq - other.seq);
    for (const entry of added) this.#added(room, entry);
    for (const entry of written) {
      const about = added.filter((one) => "post" in one && one.post === entry.seq && one.seq !== entry.seq);
      if (entry.seq <= length) this.#rewritten(room, entry, about);
      const edits = about.filter(({ type }) => type === "edit");
      // What a message was for a moment between two edits of one commit is nowhere to be seen.
      for (const { seq } of edits) truth.edits.set(seq, null);
      if (edits.length > 0 && entry.type === "post") truth.edits.set(edits.at(-1)!.seq, entry.content);
    }
  }

  #added(room: number, entry: StoredEntry): void {
    const truth = this.room(room), { entries } = truth, { seq } = entry;
    if (seq !== entries.length + 1) this.report(`Entry ${seq} of room ${room} comes after ${entries.length}.`);
    entries.push(entry);
    if (entry.type === "room") this.#deny(`room ${room} is archived`, entry.archived);
    if (entry.type === "member") this.#deny(`${entry.member.id} is banned from ${room}`, entry.role === "banned");
    // A message may be gone by the end of the commit that has made it.
    if (entry.type !== "post" && !(entry.type === "delete" && entry.post === seq)) return;
    truth.made++;
    if (entry.type === "post") {
      for (const right of rights(room, entry.by)) {
        if (this.#denied.get(right) === Infinity) this.report(`${entry.by.name} posts ${seq} although ${right}.`);
      }
      truth.posts.set(seq, entry);
      truth.states.push(entry);
    }
    if (entry.nonce === undefined) return;
    const nonce = nonceOf(entry.by, entry.nonce), first = truth.nonces.get(nonce);
    if (first !== undefined) this.report(`${nonce} is stored twice in room ${room}: as ${first} and as ${seq}.`);
    truth.nonces.set(nonce, seq);
  }

  /** An entry may only change as the new entries about it say. */
  #rewritten(room: number, entry: StoredEntry, about: readonly StoredEntry[]): void {
    const truth = this.room(room), { seq } = entry, before = truth.entries[seq - 1]!;
    if (JSON.stringify(entry) === JSON.stringify(before)) return;
    const standing = truth.posts.get(seq);
    const isSame = before.by.id === entry.by.id &&
      ("nonce" in before && before.nonce) === ("nonce" in entry && entry.nonce);
    if (!standing || !isSame || about.length === 0) {
      return this.report(`Entry ${seq} of room ${room} was written over.`);
    }
    truth.entries[seq - 1] = entry;
    if (about.some(({ type }) => type === "delete")) {
      if (entry.type !== "delete") this.report(`Message ${seq} of room ${room} is deleted, and stands there.`);
      return void truth.posts.delete(seq);
    }
    if (entry.type !== "post") return this.report(`Message ${seq} of room ${room} went without a deletion.`);
    if (entry.content !== standing.content && !about.some(({ type }) => type === "edit")) {
      this.report(`Message ${seq} of room ${room} says something else, and there is no edit.`);
    }
    const pin = about.findLast(({ type }) => type === "pin");
    if (entry.pinned !== (pin?.type === "pin" ? pin.on : standing.pinned)) {
      this.report(`Message ${seq} of room ${room} is not pinned as the last entry about that says.`);
    }
    truth.posts.set(seq, entry);
    truth.states.push(entry);
  }

  /** An operation is sent now. */
  asked({ room, target }: Operation): Asked {
    const { posts, states } = this.room(room);
    const before = target === undefined ? undefined : posts.get(target);
    return { before, from: states.length, moment: this.#moment };
  }

  #deny(right: string, isDenied: boolean): void {
    if (isDenied) this.#denied.set(right, Infinity);
    else if (this.#denied.get(right) === Infinity) this.#denied.set(right, this.#moment);
  }

  /** An operation was acknowledged. */
  acknowledged(operation: Operation, result: Appended, asked: Asked): void {
    if (result.outcome === "unchanged") return this.#unchanged(operation, asked);
    const seq = result.outcome === "repeated" ? result.seq : result.entry.seq;
    const { entries, edits, nonces } = this.room(operation.room), entry = entries[seq - 1];
    const at = `${operation.name} was acknowledged as ${seq} of room ${operation.room}`;
    if (!entry) return this.report(`${at} before it was there.`);
    if (entry.by.id !== operation.by.id) this.report(`${at}, which is by another writer.`);
    if (operation.kind === "post") {
      if (nonces.get(nonceOf(operation.by, operation.name)) !== seq) this.report(`${at}, which is something else.`);
    } else if (result.outcome === "repeated") this.report(`${at} as a repeat, without a nonce.`);
    else if (operation.kind === "edit" && ![operation.content, null].includes(edits.get(seq) ?? null)) {
      this.report(`${at}, and it is not what it says.`);
    }
    const before = this.#acknowledged.get(operation);
    if (operation.kind === "post" && before !== undefined && before !== seq) this.report(`${at}, and as ${before}.`);
    this.#acknowledged.set(operation, seq);
  }

  /** What changes nothing was so already, at some time since it was sent. */
  #unchanged({ kind, name, room, target, content }: Operation, { before, from }: Asked): void {
    if (target === undefined) return;
    const since = this.room(room).states.slice(from).filter(({ seq }) => seq === target);
    const wasSo = (before ? [before, ...since] : since).some((post) =>
      kind === "edit" ? post.content === content : post.pinned === (kind === "pin")
    );
    if (!wasSo) this.report(`${name} changed nothing in ${target} of room ${room}, and it was not so.`);
  }

  /** An operation was refused because its message is not there, or its writer had no right since it was sent. */
  refused(operation: Operation, code: string, { moment }: Asked): void {
    const wasDenied = rights(operation.room, operation.by).some((right) => (this.#denied.get(right) ?? -1) >= moment);
    operation.refused = wasDenied && code !== "message_not_found";
    if (operation.refused) return;
    const isGone = operation.target !== undefined && !this.room(operation.room).posts.has(operation.target);
    if (code !== "message_not_found" || !isGone) this.report(`${operation.name} was refused with ${code}.`);
  }

  /** A feed has delivered entries. */
  delivered(node: string, room: number, entries: readonly Entry[]): void {
    const { length } = this.room(room).entries, last = entries.at(-1)?.seq ?? 0;
    if (last > length) this.report(`${node} delivers ${last} of room ${room} before its commit.`);
  }

  /** A reader received an entry. */
  saw({ name, room, position }: Reading, entry: Entry): void {
    if (entry.seq !== position + 1) this.report(`${name} sees ${entry.seq} of room ${room} after ${position}.`);
    const stored = this.room(room).entries[entry.seq - 1];
    if (
      !stored || stored.by.id !== entry.by.id ||
      (stored.type !== entry.type && stored.type !== "delete" && entry.type !== "delete")
    ) {
      this.report(`${name} sees ${entry.type} at ${entry.seq} of room ${room}, which is not what the log has.`);
    }
    if (stored?.type === "post" && entry.type === "post" && stored.nonce !== entry.nonce) {
      this.report(`${name} sees ${entry.seq} of room ${room} without its nonce.`);
    }
  }

  /** A reader was reset, and none is ever away for so long here. */
  reset({ name, room, position }: Reading, at: number): void {
    this.report(`${name}, at ${position} of room ${room}, was reset at ${at}.`);
  }

  /** Holds what stands in the database against what the commits have made. */
  checkDatabase(database: Database): void {
    for (const [room, { entries, posts, made }] of this.#rooms) {
      const head = keys.head(room).schema.parse(database.row(keys.head(room).path)?.value);
      if (head.posts !== made) this.report(`Room ${room} counts ${head.posts} posts, and ${made} were made.`);
      const rows = database.range(keys.log.under(room), Infinity, false);
      const stored = rows.flatMap(({ value }) => keys.log.schema.parse(value));
      if (stored.length !== entries.length || stored.some(({ seq }, index) => seq !== index + 1)) {
        this.report(`Room ${room} has ${stored.length} entries in its rows, and not ${entries.length} in their order.`);
      }
      for (const entry of stored) {
        const post = posts.get(entry.seq);
        if (entry.type === "post" ? entry.content !== post?.content : post) {
          this.report(`Entry ${entry.seq} of room ${room} is not what it was last.`);
        }
      }
    }
  }

  /** A reader that has received everything has every entry, and every message as it is now. */
  checkReading({ name, room, since, position, posts }: Reading): void {
    const { entries, posts: standing } = this.room(room);
    if (position !== entries.length) this.report(`${name} stays at ${position} of room ${room}, of ${entries.length}.`);
    const recent = [...standing].filter(([seq]) => seq > since);
    for (const [seq, post] of recent) {
      const has = posts.get(seq);
      if (has?.content !== post.content || has.pinned !== post.pinned) {
        this.report(`${name} has message ${seq} of room ${room} as ${has?.content}, and it is ${post.content}.`);
      }
    }
    for (const seq of posts.keys()) {
      if (!standing.has(seq)) this.report(`${name} still has message ${seq} of room ${room}, which is gone.`);
    }
  }

  /** What a feed has in memory is what the log has. */
  checkTail(node: string, room: number, remembered: readonly Entry[], read: readonly Entry[]): void {
    const [one, other] = [remembered, read].map((entries) => JSON.stringify(entries, inOrder));
    if (one !== other) this.report(`${node} has ${one} of room ${room} in memory, and the log has ${other}.`);
  }

  /** Every operation is done, and each post is stored once. */
  checkOperation({ kind, name, room, by, done, refused }: Operation): void {
    if (!done) this.report(`${name} never has an answer.`);
    const found = this.room(room).entries.filter((entry) =>
      "nonce" in entry && entry.nonce === name && entry.by.id === by.id
    );
    if (kind === "post" && found.length !== 1 && !(refused && found.length === 0)) {
      this.report(`${name} is stored ${found.length} times in room ${room}.`);
    }
  }

  /** Takes a violation, in a sentence. */
  report(violation: string): void {
    this.violations.push(violation);
  }
}

/** Applies an entry to the messages of a reader. */
export function fold(posts: Map<number, Post>, entry: Entry): void {
  if (isPost(entry)) return void posts.set(entry.seq, entry);
  const about = subject(entry), before = about === undefined ? undefined : posts.get(about);
  if (!before) return;
  const after = changed(before, entry);
  if (after) posts.set(before.seq, after);
  else posts.delete(before.seq);
}

/** Why a writer may not post in a room. */
function rights(room: number, { id }: Person): string[] {
  return [`room ${room} is archived`, `${id} is banned from ${room}`, `${id} is out`];
}

function nonceOf(by: Person, nonce: string): string {
  return `${by.name}'s ${nonce}`;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
