/**
 * Who sees everything, and says what is wrong: what stands in the log is known from the commits that took effect, and all
 * that instances tell is held against it.
 * @module
 */
import { changed, type Entry, isPost, subject } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Appended } from "@/lib/store/log/append.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import type { Mutation } from "@/lib/store/commit.ts";
import type { Disk } from "@/tests/simulation/disk.ts";
import type { Operation } from "@/tests/simulation/operations.ts";

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

/** How things stood when somebody asked for something. */
export interface Asked {
  readonly access: Post | undefined;
  /** What came after it. */
  readonly from: number;
}

/** What a reader has: its place, and what it makes of all that it was told. */
export interface Reading {
  readonly name: string;
  readonly room: number;
  /** Where it began. */
  readonly since: number;
  readonly position: number;
  readonly posts: ReadonlyMap<number, Post>;
}

/** The one that sees everything. */
export class Witness {
  /** What is wrong, in sentences. */
  readonly faults: string[] = [];
  readonly #rooms = new Map<number, Truth>();
  /** Where each wish was told that it stands. */
  readonly #told = new Map<Operation, number>();

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
    for (const change of mutations) {
      if (change.type === "delete") continue;
      const [kind, , last] = change.key, room = Number(change.key[1]);
      if (kind === "head") ends.set(room, keys.head.schema.parse(change.value).seq);
      if (kind !== "log") continue;
      const row = keys.log.schema.parse(change.value);
      if (row.at(-1)?.seq !== last) this.fault(`A row of room ${room} does not end where its key says.`);
      rows.set(room, [...rows.get(room) ?? [], ...row]);
    }
    for (const [room, entries] of rows) this.#written(room, entries);
    for (const [room, end] of ends) {
      const { entries } = this.room(room);
      if (entries.length !== end) this.fault(`Room ${room} has ${entries.length} entries, and its head says ${end}.`);
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
    if (seq !== entries.length + 1) this.fault(`Entry ${seq} of room ${room} comes after ${entries.length}.`);
    entries.push(entry);
    // A message may be gone by the end of the commit that has made it.
    if (entry.type !== "post" && !(entry.type === "delete" && entry.post === seq)) return;
    truth.made++;
    if (entry.type === "post") {
      truth.posts.set(seq, entry);
      truth.states.push(entry);
    }
    if (entry.nonce === undefined) return;
    const nonce = nonceOf(entry.by, entry.nonce), first = truth.nonces.get(nonce);
    if (first !== undefined) this.fault(`${nonce} is stored twice in room ${room}: as ${first} and as ${seq}.`);
    truth.nonces.set(nonce, seq);
  }

  /** An entry may only change as the new entries about it say. */
  #rewritten(room: number, entry: StoredEntry, about: readonly StoredEntry[]): void {
    const truth = this.room(room), { seq } = entry, before = truth.entries[seq - 1]!;
    if (JSON.stringify(entry) === JSON.stringify(before)) return;
    const access = truth.posts.get(seq);
    const isSame = before.by.id === entry.by.id &&
      ("nonce" in before && before.nonce) === ("nonce" in entry && entry.nonce);
    if (!access || !isSame || about.length === 0) return this.fault(`Entry ${seq} of room ${room} was written over.`);
    truth.entries[seq - 1] = entry;
    if (about.some(({ type }) => type === "delete")) {
      if (entry.type !== "delete") this.fault(`Message ${seq} of room ${room} is deleted, and stands there.`);
      return void truth.posts.delete(seq);
    }
    if (entry.type !== "post") return this.fault(`Message ${seq} of room ${room} went without a deletion.`);
    if (entry.content !== access.content && !about.some(({ type }) => type === "edit")) {
      this.fault(`Message ${seq} of room ${room} says something else, and there is no edit.`);
    }
    const pin = about.findLast(({ type }) => type === "pin");
    if (entry.pinned !== (pin?.type === "pin" ? pin.on : access.pinned)) {
      this.fault(`Message ${seq} of room ${room} is not pinned as the last entry about that says.`);
    }
    truth.posts.set(seq, entry);
    truth.states.push(entry);
  }

  /** Somebody asks for something now. */
  asked({ room, target }: Operation): Asked {
    const { posts, states } = this.room(room);
    return { access: target === undefined ? undefined : posts.get(target), from: states.length };
  }

  /** A wish was acknowledged. */
  acknowledged(wish: Operation, result: Appended, asked: Asked): void {
    if (result.outcome === "unchanged") return this.#unchanged(wish, asked);
    const seq = result.outcome === "repeated" ? result.seq : result.entry.seq;
    const { entries, edits, nonces } = this.room(wish.room), entry = entries[seq - 1];
    const at = `${wish.name} was acknowledged as ${seq} of room ${wish.room}`;
    if (!entry) return this.fault(`${at} before it was there.`);
    if (entry.by.id !== wish.by.id) this.fault(`${at}, which is somebody else's.`);
    if (wish.kind === "post") {
      if (nonces.get(nonceOf(wish.by, wish.name)) !== seq) this.fault(`${at}, which is something else.`);
    } else if (result.outcome === "repeated") this.fault(`${at} as a repeat, without a nonce.`);
    else if (wish.kind === "edit" && ![wish.content, null].includes(edits.get(seq) ?? null)) {
      this.fault(`${at}, and it is not what it says.`);
    }
    const before = this.#told.get(wish);
    if (wish.kind === "post" && before !== undefined && before !== seq) this.fault(`${at}, and as ${before}.`);
    this.#told.set(wish, seq);
  }

  /** What changes nothing was so already, at some time since it was asked for. */
  #unchanged({ kind, name, room, target, content }: Operation, { access, from }: Asked): void {
    const since = this.room(room).states.slice(from).filter(({ seq }) => seq === target);
    const wasSo = (access ? [access, ...since] : since).some((post) =>
      kind === "edit" ? post.content === content : post.pinned === (kind === "pin")
    );
    if (!wasSo) this.fault(`${name} was told that ${target} of room ${room} was so already, and it was not.`);
  }

  /** A wish was refused because its message is not there. */
  refused(wish: Operation, code: string): void {
    const isGone = wish.target !== undefined && !this.room(wish.room).posts.has(wish.target);
    if (code !== "message_not_found" || !isGone) this.fault(`${wish.name} was refused with ${code}.`);
  }

  /** A feed has delivered entries. */
  delivered(instance: string, room: number, entries: readonly Entry[]): void {
    const { length } = this.room(room).entries, last = entries.at(-1)?.seq ?? 0;
    if (last > length) this.fault(`${instance} delivers ${last} of room ${room} before its commit.`);
  }

  /** A reader was told an entry. */
  saw({ name, room, position }: Reading, entry: Entry): void {
    if (entry.seq !== position + 1) this.fault(`${name} sees ${entry.seq} of room ${room} after ${position}.`);
    const stored = this.room(room).entries[entry.seq - 1];
    if (
      !stored || stored.by.id !== entry.by.id ||
      (stored.type !== entry.type && stored.type !== "delete" && entry.type !== "delete")
    ) {
      this.fault(`${name} sees ${entry.type} at ${entry.seq} of room ${room}, which is not what stands there.`);
    }
    if (stored?.type === "post" && entry.type === "post" && stored.nonce !== entry.nonce) {
      this.fault(`${name} sees ${entry.seq} of room ${room} without its nonce.`);
    }
  }

  /** A reader must begin anew. Nobody here is ever away for so long. */
  reset({ name, room, position }: Reading, at: number): void {
    this.fault(`${name}, at ${position} of room ${room}, must begin anew at ${at}.`);
  }

  /** Holds what stands on the disk against what the commits have made. */
  checkDisk(disk: Disk): void {
    for (const [room, { entries, posts, made }] of this.#rooms) {
      const head = keys.head(room).schema.parse(disk.row(keys.head(room).path)?.value);
      if (head.posts !== made) this.fault(`Room ${room} counts ${head.posts} posts, and ${made} were made.`);
      const rows = disk.range(keys.log.under(room), Infinity, false);
      const stored = rows.flatMap(({ value }) => keys.log.schema.parse(value));
      if (stored.length !== entries.length || stored.some(({ seq }, index) => seq !== index + 1)) {
        this.fault(`Room ${room} has ${stored.length} entries in its rows, and not ${entries.length} in their order.`);
      }
      for (const entry of stored) {
        const post = posts.get(entry.seq);
        if (entry.type === "post" ? entry.content !== post?.content : post) {
          this.fault(`Entry ${entry.seq} of room ${room} is not what it was last.`);
        }
      }
    }
  }

  /** A reader that has been told everything has the whole order, and every message as it is. */
  checkReading({ name, room, since, position, posts }: Reading): void {
    const { entries, posts: access } = this.room(room);
    if (position !== entries.length) this.fault(`${name} stays at ${position} of room ${room}, of ${entries.length}.`);
    const recent = [...access].filter(([seq]) => seq > since);
    for (const [seq, post] of recent) {
      const has = posts.get(seq);
      if (has?.content !== post.content || has.pinned !== post.pinned) {
        this.fault(`${name} has message ${seq} of room ${room} as ${has?.content}, and it is ${post.content}.`);
      }
    }
    for (const seq of posts.keys()) {
      if (!access.has(seq)) this.fault(`${name} still has message ${seq} of room ${room}, which is gone.`);
    }
  }

  /** What a feed remembers is what the log says. */
  checkTail(instance: string, room: number, remembered: readonly Entry[], read: readonly Entry[]): void {
    const [one, other] = [remembered, read].map((entries) => JSON.stringify(entries, inOrder));
    if (one !== other) this.fault(`${instance} remembers of room ${room} ${one}, and the log says ${other}.`);
  }

  /** Every wish came true, each post once. */
  checkWish({ kind, name, room, by, done }: Operation): void {
    if (!done) this.fault(`${name} is never answered.`);
    const found = this.room(room).entries.filter((entry) =>
      "nonce" in entry && entry.nonce === name && entry.by.id === by.id
    );
    if (kind === "post" && found.length !== 1) this.fault(`${name} stands in room ${room} ${found.length} times.`);
  }

  /** Something is wrong. */
  fault(sentence: string): void {
    this.faults.push(sentence);
  }
}

/** What a reader makes of another entry. */
export function fold(posts: Map<number, Post>, entry: Entry): void {
  if (isPost(entry)) return void posts.set(entry.seq, entry);
  const about = subject(entry), before = about === undefined ? undefined : posts.get(about);
  if (!before) return;
  const after = changed(before, entry);
  if (after) posts.set(before.seq, after);
  else posts.delete(before.seq);
}

function nonceOf(by: Person, nonce: string): string {
  return `${by.name}'s ${nonce}`;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
