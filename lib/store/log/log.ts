/**
 * A room's log: append in groups, read since, page.
 *
 * Every writer of a room checks the room's head and sets the next one in the same commit, so order is total and `seq` is
 * dense. While a commit is under way what arrives waits, and goes together in the next; one commit may carry posts of
 * several rooms. Nothing is told to anybody before its commit.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Post, Reaction } from "@/lib/model/message.ts";
import type { Head } from "@/lib/model/room.ts";
import { metrics } from "@/lib/metrics.ts";
import {
  type Append,
  type Appended,
  type Committed,
  completedBlock,
  isRepeat,
  nameOf,
  type PendingAppend,
  type RoomState,
  sequence,
  type Sequenced,
} from "@/lib/store/log/sequence.ts";
import { type Key, keys, siblings, type StoredEdit, type StoredEntry } from "@/lib/store/keys.ts";
import { DedupIndex, nonceHash } from "@/lib/store/log/dedup_index.ts";
import { BATCH_SIZE, batchAt, ENTRY_OVERHEAD, entryAt, type Range, scan } from "@/lib/store/log/batches.ts";
import { type Check, type LogStore, type Mutation, put } from "@/lib/store/kv.ts";
import { startSpan } from "@/lib/tracing.ts";

/**
 * Told, in order and at once, what this process has committed to a room. The next commit waits for what it returns, if
 * anything: while many are being told, what arrives gathers, and costs one commit.
 */
export type OnCommit = (room: number, head: Head, entries: readonly Committed[]) => Promise<void> | undefined;

/** The end of a room's history; `whole` where that is all of it. */
interface Newest {
  readonly epoch: string;
  readonly seq: number;
  readonly posts: readonly Post[];
  readonly whole: boolean;
}

/** What one commit writes to one room. */
interface Run {
  readonly known: RoomState;
  readonly head: Head;
  readonly placed: readonly Sequenced[];
}

const GROUP_MAX = 400;
/** An entry may be 12 KB; with what goes beside it a group of this many UTF-16 units stays under 800 KiB. */
const GROUP_UNITS = 200_000;
const GIVE_UP_MS = 10_000;
const ROOMS_KNOWN = 10_000;
const NEWEST_KEPT = 64;
const NEWEST_ROOMS = 1_000;
/** The head, and a name where the room is renamed. */
const CHECKS_A_ROOM = 1;

/** The writer and reader of all rooms' logs in this process. */
export class Log {
  readonly #store: LogStore;
  readonly #onCommit: OnCommit;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  /** What waits for each room. The map's order is the order in which rooms are served. */
  readonly #queues = new Map<number, PendingAppend[]>();
  /** Rooms with a commit under way, and its end. */
  readonly #busy = new Map<number, Promise<void>>();
  readonly #known = new Map<number, RoomState>();
  /** Rooms in which another instance was faster: they are committed alone, so that they do not hold up others. */
  readonly #contended = new Set<number>();
  /** The newest posts of rooms that were read, as of a head. */
  readonly #newest = new Map<number, Newest>();
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /**
   * @param onCommit Called after each commit and before its drafts are answered.
   * @param now The time in milliseconds since 1970, which dates entries.
   * @param elapsed Milliseconds since any moment, by a clock that nobody sets.
   */
  constructor(
    store: LogStore,
    onCommit: OnCommit,
    now: () => number = Date.now,
    elapsed: () => number = () => performance.now(),
  ) {
    this.#store = store;
    this.#onCommit = onCommit;
    this.#now = now;
    this.#elapsed = elapsed;
  }

  /**
   * Commits a draft as the room's next entry.
   *
   * @throws {ChatError} `room_not_found`, `store_unavailable`, or what the draft refuses itself with.
   */
  append(room: number, draft: Append): Promise<Appended> {
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    const hash = draft.nonce ? nonceHash(draft.nonce.by, draft.nonce.value) : 0;
    const waiting = { append: draft, since: this.#elapsed(), hash, isNew: false, resolve, reject };
    const queue = this.#queues.get(room);
    if (queue) queue.push(waiting);
    else this.#queues.set(room, [waiting]);
    this.#serve();
    return promise;
  }

  /** Resolves once nothing waits and nothing is under way. */
  drained(): Promise<void> {
    if (this.#underWay === 0 && this.#queues.size === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers<void>();
    return this.#idle.promise;
  }

  /** Resolves once the commit of this process to the room that is under way now, if one is, has ended. */
  settled(room: number): Promise<void> {
    return this.#busy.get(room) ?? Promise.resolve();
  }

  /** Where the room's log stands in the store, or null where there is no such room. */
  async head(room: number): Promise<Head | null> {
    return (await this.#store.get(keys.head(room))).value;
  }

  /** The entries with `seq` in (`after`, `upTo`], oldest first. */
  async read(room: number, after: number, upTo: number): Promise<Entry[]> {
    const stored: StoredEntry[] = [], wanted = upTo - after;
    for await (const entry of scan(this.#store, room, { after, before: upTo + 1, wanted })) stored.push(entry);
    return await this.#joined(room, stored);
  }

  /** The newest posts, up to `limit`, oldest first. */
  async newest(room: number, limit: number): Promise<readonly Post[]> {
    const head = await this.head(room);
    if (!head) return [];
    const known = this.#newest.get(room);
    // Whatever people can see change moves the head, so at the same head the page is the same.
    if (known && known.epoch === head.epoch && known.seq === head.seq && (known.whole || known.posts.length >= limit)) {
      return known.posts.slice(-limit);
    }
    const posts = await this.postsBefore(room, head.seq + 1, Math.max(limit, NEWEST_KEPT));
    if (this.#newest.size >= NEWEST_ROOMS) this.#newest.clear();
    this.#newest.set(room, { epoch: head.epoch, seq: head.seq, posts, whole: posts.length < NEWEST_KEPT });
    return posts.slice(-limit);
  }

  /** Up to `limit` posts older than `before`, the newest of them, oldest first. */
  async postsBefore(room: number, before: number, limit: number): Promise<Post[]> {
    return (await this.#posts(room, { before, wanted: limit, reverse: true })).reverse();
  }

  /** Up to `limit` posts newer than `after`, the oldest of them, oldest first. */
  postsAfter(room: number, after: number, limit: number): Promise<Post[]> {
    return this.#posts(room, { after, wanted: limit });
  }

  /** The post at `seq`, or null where there is none any more. */
  async post(room: number, seq: number): Promise<Post | null> {
    const entry = await entryAt(this.#store, room, seq);
    return entry?.type === "post" ? entry : null;
  }

  /** Every post of a room, oldest first. */
  async *posts(room: number): AsyncGenerator<Post> {
    for await (const entry of scan(this.#store, room, {})) if (entry.type === "post") yield entry;
  }

  /** How many posts were made with a `seq` in (`after`, `upTo`], deleted ones too, as a head counts them. */
  async countPosts(room: number, after: number, upTo: number): Promise<number> {
    let count = 0;
    for await (const entry of scan(this.#store, room, { after, before: upTo + 1 })) {
      if (entry.type === "post" || (entry.type === "delete" && entry.post === entry.seq)) count++;
    }
    return count;
  }

  /** Up to `limit` posts that answer the one at `root`, oldest first. */
  async replies(room: number, root: number, limit: number): Promise<Post[]> {
    const seqs: number[] = [];
    const one = keys.thread(room, root, 1);
    for await (const { key } of this.#store.list(one.schema, siblings(one), { limit })) {
      seqs.push(Number(key.at(-1)));
    }
    const found = await Promise.all(seqs.map((seq) => this.post(room, seq)));
    return found.filter((post) => post !== null);
  }

  /** Those of the reactions, of messages at `seq`, that a person chose. */
  async chosenBy(
    room: number,
    person: string,
    reactions: readonly { readonly seq: number; readonly reaction: Reaction }[],
  ): Promise<ReadonlySet<Reaction>> {
    const found = await this.#store.getMany(
      reactions.map(({ seq, reaction: { emoji } }) => keys.reaction(room, seq, emoji, person)),
    );
    return new Set(reactions.filter((_, index) => found[index]?.value !== null).map(({ reaction }) => reaction));
  }

  /** Removes who reacted to a message that is gone. */
  async sweepReactions(room: number, seq: number): Promise<void> {
    await this.#store.sweep(siblings(keys.reaction(room, seq, "", ""), 2).prefix);
  }

  async #posts(room: number, stretch: Range & { readonly wanted: number }): Promise<Post[]> {
    const posts: Post[] = [];
    if (stretch.wanted === 0) return posts;
    for await (const entry of scan(this.#store, room, stretch)) {
      if (entry.type === "post" && posts.push(entry) === stretch.wanted) break;
    }
    return posts;
  }

  /** Puts what a post says now into the edits of it. */
  async #joined(room: number, stored: readonly StoredEntry[]): Promise<Entry[]> {
    const posts = new Map<number, Post>();
    for (const entry of stored) if (entry.type === "post") posts.set(entry.seq, entry);
    const missing = new Set<number>();
    for (const entry of stored) if (entry.type === "edit" && !posts.has(entry.post)) missing.add(entry.post);
    for (const post of await Promise.all([...missing].map((seq) => this.post(room, seq)))) {
      if (post) posts.set(post.seq, post);
    }
    return stored.map((entry) => entry.type === "edit" ? edited(entry, posts.get(entry.post)) : entry);
  }

  #serve(): void {
    while (this.#underWay < this.#store.limits.parallel) {
      const group = this.#nextGroup();
      if (group.size === 0) return;
      this.#underWay++;
      const end = this.#run(group);
      for (const room of group.keys()) this.#busy.set(room, end);
    }
  }

  async #run(group: Map<number, PendingAppend[]>): Promise<void> {
    try {
      await this.#commit(group);
    } catch (error) {
      for (const [room, waiting] of group) {
        this.#known.delete(room);
        for (const { reject } of waiting) reject(error);
      }
    }
    this.#underWay--;
    for (const room of group.keys()) this.#busy.delete(room);
    this.#serve();
    if (this.#underWay === 0 && this.#queues.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  /** Takes what waits, room by room, up to what one commit may hold. */
  #nextGroup(): Map<number, PendingAppend[]> {
    const group = new Map<number, PendingAppend[]>();
    let checks = this.#store.limits.checks, places = GROUP_MAX, units = GROUP_UNITS;
    for (const [room, queue] of this.#queues) {
      if (this.#busy.has(room)) continue;
      const alone = this.#contended.has(room);
      if (alone && group.size > 0) continue;
      checks -= CHECKS_A_ROOM;
      let taken = 0;
      for (const { append: { target: about, size: more = 0 } } of queue) {
        // What changes another entry may write the whole row of that one, in three parts.
        places -= about === undefined ? 1 : 4;
        units -= ENTRY_OVERHEAD + more + (about === undefined ? 0 : BATCH_SIZE);
        if (places < 0 || units < 0) break;
        taken++;
      }
      if (taken === 0 && group.size > 0) break;
      taken ||= 1;
      this.#queues.delete(room);
      group.set(room, queue.splice(0, taken));
      if (queue.length > 0) this.#queues.set(room, queue);
      if (alone || checks < CHECKS_A_ROOM || places < 1 || units < 0) break;
    }
    return group;
  }

  async #commit(group: Map<number, PendingAppend[]>): Promise<void> {
    await Promise.all([...group.keys()].map((room) => this.#known.has(room) ? undefined : this.#learn(room)));
    const [values, rows] = await Promise.all([this.#readFor(group), this.#rowsFor(group)]);
    const checks: Check[] = [], mutations: Mutation[] = [];
    const runs = new Map<number, Run>(), suspects = new Map<number, PendingAppend[]>();
    for (const [room, waiting] of group) {
      const known = this.#known.get(room);
      if (!known) {
        for (const { reject } of waiting) reject(new ChatError("room_not_found"));
        continue;
      }
      const seen = { rows: rows.get(room) ?? [], values };
      const { head, placed, suspected, mutations: more } = sequence(room, known, waiting, seen, this.#now());
      if (suspected.length > 0) suspects.set(room, suspected);
      if (placed.length === 0) continue;
      runs.set(room, { known, head, placed });
      checks.push({ key: keys.head(room).path, versionstamp: known.versionstamp });
      mutations.push(put(keys.head(room), head), ...completedBlock(room, known.nonces, placed), ...more);
      for (const { built } of placed) if (built.checks) checks.push(...built.checks);
    }
    if (runs.size > 0) {
      const entries = runs.values().reduce((sum, { placed }) => sum + placed.length, 0);
      const span = startSpan("commit")?.setAttributes({ "hubbub.rooms": runs.size, "hubbub.entries": entries });
      const versionstamp = await this.#store.commit(checks, mutations).finally(() => span?.end());
      metrics.commitEntries.observe(entries);
      if (versionstamp === null) await this.#retry(runs);
      else {
        this.#accept(runs, versionstamp);
        await this.#tell(runs);
      }
    }
    await Promise.all([...suspects].map(([room, waiting]) => this.#settleSuspects(room, waiting)));
  }

  /** Learns where a room stands and which nonces it has seen, or what is new of that. */
  async #learn(room: number): Promise<void> {
    const before = this.#known.get(room);
    this.#known.delete(room);
    const { value: head, versionstamp } = await this.#store.get(keys.head(room));
    if (!head) return;
    const goesOn = before && before.head.epoch === head.epoch && before.head.seq <= head.seq;
    const nonces = goesOn ? before.nonces : await DedupIndex.read(this.#store, room, head.seq, this.#now());
    if (goesOn) await nonces.readOn(this.#store, room, before.head.seq, head.seq);
    this.#forget();
    this.#known.set(room, { head, versionstamp, nonces });
  }

  /** Forgets the rooms that were learnt longest ago, but not those of a commit that is under way. */
  #forget(): void {
    for (const room of this.#known.keys()) {
      if (this.#known.size < ROOMS_KNOWN) return;
      if (!this.#busy.has(room)) this.#known.delete(room);
    }
  }

  /** What the drafts of a group have to see, by key. */
  async #readFor(group: Map<number, PendingAppend[]>): Promise<Map<string, unknown>> {
    const reads: Key<unknown>[] = [];
    for (const waiting of group.values()) {
      for (const { append: draft } of waiting) if (draft.reads) reads.push(...draft.reads);
    }
    const values = new Map<string, unknown>();
    if (reads.length === 0) return values;
    const found = await this.#store.getMany(reads);
    reads.forEach((key, index) => values.set(nameOf(key.path), found[index]!.value));
    return values;
  }

  /** The rows of what the drafts of a group are about, by room. */
  async #rowsFor(group: Map<number, PendingAppend[]>): Promise<Map<number, (readonly StoredEntry[])[]>> {
    const rows = new Map<number, (readonly StoredEntry[])[]>();
    await Promise.all([...group].map(async ([room, waiting]) => {
      const seqs = new Set(waiting.map(({ append: draft }) => draft.target).filter((seq) => seq !== undefined));
      if (seqs.size === 0) return;
      const found = await Promise.all([...seqs].map((seq) => batchAt(this.#store, room, seq)));
      // Rows that were read before and after another instance took one apart differ: the commit will not hold then.
      const distinct = new Map(found.map((row) => [`${row[0]?.seq} to ${row.at(-1)?.seq}`, row]));
      rows.set(room, [...distinct.values()]);
    }));
    return rows;
  }

  #accept(runs: Map<number, Run>, versionstamp: string): void {
    for (const [room, { known: { nonces }, head, placed }] of runs) {
      this.#known.set(room, { head, versionstamp, nonces });
      this.#contended.delete(room);
      for (const { pending: { hash }, built: { entry } } of placed) nonces.add(entry.seq, hash, entry.at);
    }
  }

  #tell(runs: Map<number, Run>): Promise<void> | undefined {
    let told: Promise<void> | undefined;
    for (const [room, { head, placed }] of runs) {
      const entries = placed.map(({ pending: { append: draft }, built: { entry } }) => ({
        entry,
        origin: draft.origin,
        nonce: draft.nonce?.value,
      }));
      told = this.#onCommit(room, head, entries) ?? told;
      for (const { pending: waiting, built: { entry } } of placed) waiting.resolve({ outcome: "committed", entry });
    }
    return told;
  }

  /** A check did not hold: another instance wrote to one of the rooms. */
  async #retry(runs: Map<number, Run>): Promise<void> {
    metrics.conflicts++;
    for (const [room, { placed }] of runs) {
      if (runs.size > 1) this.#contended.add(room);
      await this.#learn(room);
      const again: PendingAppend[] = [];
      for (const { pending: waiting } of placed) {
        if (this.#elapsed() - waiting.since <= GIVE_UP_MS) again.push(waiting);
        else waiting.reject(new ChatError("store_unavailable", "The room is too busy; try again in a moment."));
      }
      this.#putBack(room, again);
    }
  }

  /** Drafts whose nonce was perhaps used before: the entry itself tells. All others are built once more. */
  async #settleSuspects(room: number, suspects: readonly PendingAppend[]): Promise<void> {
    const again: PendingAppend[] = [];
    for (const waiting of suspects) {
      const seq = this.#known.get(room)?.nonces.find(waiting.hash);
      // Where its twin of the same commit was refused, it is the first itself.
      const entry = seq === undefined ? null : await entryAt(this.#store, room, seq);
      if (entry && seq !== undefined && isRepeat(waiting, entry)) waiting.resolve({ outcome: "repeated", seq });
      else {
        waiting.isNew = entry !== null;
        again.push(waiting);
      }
    }
    this.#putBack(room, again);
  }

  #putBack(room: number, waiting: PendingAppend[]): void {
    if (waiting.length === 0) return;
    this.#queues.set(room, [...waiting, ...this.#queues.get(room) ?? []]);
  }
}

/** An edit with its message, or the deletion that an edit of a deleted message has become. */
function edited(edit: StoredEdit, message: Post | undefined): Entry {
  const { seq, at, by, post } = edit;
  return message ? { type: "edit", seq, at, by, message } : { type: "delete", seq, at, by, post };
}
