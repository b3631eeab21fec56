/**
 * The log of each room: appended to in groups, and read.
 *
 * Every writer of a room checks the room's head and sets the next one in the same commit, so order is total and `seq` is
 * dense. While a commit is under way what arrives waits, and goes together in the next; one commit may carry entries of
 * several rooms. Entries are delivered after their commit.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { logger } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import type { Mutation } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import { isUnavailable, type LogStore } from "@/lib/store/kv.ts";
import { type Append, type Appended, PendingAppend } from "@/lib/store/log/append.ts";
import { answerRepeats, type Group, readBatches, readRoles, readValues } from "@/lib/store/log/group.ts";
import { ENTRIES_MAX, GroupBudget } from "@/lib/store/log/group_budget.ts";
import { guardChecks, refreshGuards } from "@/lib/store/log/guards.ts";
import { LogReader } from "@/lib/store/log/reader.ts";
import { readRoomState, type RoomState } from "@/lib/store/log/room_state.ts";
import { nameOf, Sequence } from "@/lib/store/log/sequence.ts";
import { startSpan } from "@/lib/tracing.ts";

/**
 * Called in order and at once with what this process has committed to a room. The next commit waits for what it returns,
 * if anything: while many sockets are being written to, what arrives gathers, and costs one commit.
 */
export type OnCommit = (room: number, head: Head, entries: readonly Entry[]) => Promise<void> | undefined;

/** An append that was overtaken for this long is refused, in milliseconds. */
const GIVE_UP_MS = 10_000;
const ROOMS_KEPT = 10_000;

/** The writer and reader of all rooms' logs in this process. */
export class Log extends LogReader {
  readonly #store: LogStore;
  readonly #onCommit: OnCommit;
  readonly #now: () => number;
  readonly #elapsed: () => number;
  /** What waits for each room. The map's order is the order in which rooms are served. */
  readonly #queues = new Map<number, PendingAppend[]>();
  /** Rooms with a commit under way, and its end. */
  readonly #busy = new Map<number, Promise<void>>();
  readonly #states = new Map<number, RoomState>();
  /** Rooms in which another instance was faster: they're committed alone, so that they don't hold up others. */
  readonly #contended = new Set<number>();
  /** Entries of the next group, at most: fewer after one that failed. */
  #entriesMax = ENTRIES_MAX;
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /**
   * @param onCommit Called after each commit and before its appends are answered.
   * @param now The time in milliseconds since 1970, which dates entries.
   * @param elapsed Milliseconds since any moment, by a steady clock.
   */
  constructor(
    store: LogStore,
    onCommit: OnCommit,
    now: () => number = Date.now,
    elapsed: () => number = () => performance.now(),
  ) {
    super(store);
    this.#store = store;
    this.#onCommit = onCommit;
    this.#now = now;
    this.#elapsed = elapsed;
  }

  /**
   * Commits the room's next entry.
   *
   * @throws {ChatError} `room_not_found`, `store_unavailable`, or what `build` or the guard refuses with.
   */
  append(room: number, append: Append): Promise<Appended> {
    const pending = new PendingAppend(append, this.#elapsed());
    const queue = this.#queues.get(room);
    if (queue) queue.push(pending);
    else this.#queues.set(room, [pending]);
    this.#serve();
    return pending.appended;
  }

  /** Removes who reacted to a message that is gone. */
  async sweepReactions(room: number, seq: number, signal: AbortSignal): Promise<void> {
    await this.#store.sweep(keys.reaction.under(room, seq), signal);
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

  #serve(): void {
    while (this.#underWay < this.#store.limits.parallel) {
      const group = this.#nextGroup();
      if (group.size === 0) return;
      this.#underWay++;
      const end = this.#run(group);
      for (const room of group.keys()) this.#busy.set(room, end);
    }
  }

  /** Takes what waits, room by room, up to what one commit may hold. */
  #nextGroup(): Group {
    const group: Group = new Map(), budget = new GroupBudget(this.#store.limits, this.#entriesMax);
    for (const [room, queue] of this.#queues) {
      if (this.#busy.has(room)) continue;
      const isAlone = this.#contended.has(room);
      if (isAlone && group.size > 0) continue;
      const taken = budget.take(queue);
      if (taken === 0) break;
      this.#queues.delete(room);
      group.set(room, queue.splice(0, taken));
      if (queue.length > 0) this.#queues.set(room, queue);
      if (isAlone || budget.isFull) break;
    }
    return group;
  }

  async #run(group: Group): Promise<void> {
    await this.#commit(group);
    this.#underWay--;
    for (const room of group.keys()) this.#busy.delete(room);
    this.#serve();
    if (this.#underWay === 0 && this.#queues.size === 0) {
      this.#idle?.resolve();
      this.#idle = undefined;
    }
  }

  /** Commits a group. Where it fails the next groups are half as large, until what makes them fail stands alone. */
  async #commit(group: Group): Promise<void> {
    try {
      await this.#tryCommit(group);
      this.#entriesMax = Math.min(2 * this.#entriesMax, ENTRIES_MAX);
    } catch (error) {
      const left = [...group].map(([room, all]) => ({ room, all: all.filter(({ isAnswered }) => !isAnswered) }));
      const count = left.reduce((sum, { all }) => sum + all.length, 0);
      const isHalved = count > 1 && !isUnavailable(error);
      if (isHalved) this.#entriesMax = count >> 1;
      for (const { room, all } of left) {
        this.#states.delete(room);
        if (isHalved) this.#putBack(room, all);
        else all.forEach((pending) => pending.reject(error));
      }
    }
  }

  /** @throws {Error} What kept appends from being answered; those wait in no queue then. */
  async #tryCommit(group: Group): Promise<void> {
    const sequences = await this.#sequence(group);
    const open = sequences.filter(({ sequenced, answers }) => sequenced.length + answers.length > 0);
    const versionstamp = open.length === 0 ? "" : await this.#write(open);
    if (versionstamp === null) return await this.#retry(group, sequences);
    for (const sequence of open) {
      const { id } = sequence.state.room;
      if (sequence.sequenced.length > 0) this.#states.set(id, sequence.committed(versionstamp));
      this.#contended.delete(id);
    }
    for (const { state: { room }, deferred } of sequences) this.#putBack(room.id, deferred);
    await this.#deliver(open);
  }

  /** Gives each append of a group its slot. */
  async #sequence(group: Group): Promise<Sequence[]> {
    // Kept here, as a late read of a group that failed may still replace a room's state.
    const states = new Map(
      await Promise.all(
        [...group.keys()].map(async (room) => [room, this.#states.get(room) ?? await this.#readState(room)] as const),
      ),
    );
    const [values, batches] = await Promise.all([
      readValues(this.#store, group),
      readBatches(this.#store, group),
      readRoles(this.#store, group, states),
      answerRepeats(this.#store, group, states),
    ]);
    const sequences: Sequence[] = [];
    for (const [room, all] of group) {
      const state = states.get(room);
      if (!state) {
        for (const pending of all) pending.reject(new ChatError("room_not_found"));
        continue;
      }
      const sequence = new Sequence(state, { batches: batches.get(room) ?? [], values }, this.#now());
      for (const pending of all) if (!pending.isAnswered) sequence.add(pending);
      sequences.push(sequence);
    }
    return sequences;
  }

  /** Commits what was sequenced if all that it rests on still holds; else returns null. */
  async #write(sequences: readonly Sequence[]): Promise<string | null> {
    const entries = sequences.reduce((sum, { sequenced }) => sum + sequenced.length, 0);
    const checks = [...sequences.flatMap((sequence) => sequence.checks()), ...guardChecks(sequences)];
    const mutations = [...sequences.flatMap((sequence) => sequence.logMutations()), ...ownMutations(sequences)];
    const span = startSpan("commit")?.setAttributes({ "hubbub.rooms": sequences.length, "hubbub.entries": entries });
    const versionstamp = await this.#store.commit(checks, mutations).finally(() => span?.end());
    if (entries > 0) metrics.commitEntries.observe(entries);
    return versionstamp;
  }

  /** Reads a room's state, or what is new of it. */
  async #readState(room: number): Promise<RoomState | null> {
    const before = this.#states.get(room);
    this.#states.delete(room);
    const state = await readRoomState(this.#store, room, this.#now(), before);
    if (!state) return null;
    this.#forget();
    this.#states.set(room, state);
    return state;
  }

  /** Forgets the states that were read longest ago, but not those of rooms with a commit under way. */
  #forget(): void {
    for (const room of this.#states.keys()) {
      if (this.#states.size < ROOMS_KEPT) return;
      if (!this.#busy.has(room)) this.#states.delete(room);
    }
  }

  /** Delivers what was committed, then answers. */
  #deliver(sequences: readonly Sequence[]): Promise<void> | undefined {
    let delivered: Promise<void> | undefined;
    for (const { state: { room }, head, sequenced, answers } of sequences) {
      try {
        if (sequenced.length > 0) {
          delivered = this.#onCommit(room.id, head, sequenced.map(({ built }) => built.entry)) ?? delivered;
        }
      } catch (error) {
        logger.error("Cannot deliver what was committed", { room: room.id }, error);
      }
      for (const { pending, built: { entry } } of sequenced) pending.resolve({ outcome: "committed", entry });
      for (const { answer } of answers) answer();
    }
    return delivered;
  }

  /** A check didn't hold: everything that was checked is read again, and the appends wait for the next commit. */
  async #retry(group: Group, sequences: readonly Sequence[]): Promise<void> {
    metrics.conflicts++;
    await Promise.all([...sequences.map(({ state: { room } }) => this.#readState(room.id)), refreshGuards(sequences)]);
    for (const { state: { room, versionstamp } } of sequences) {
      const hasMoved = this.#states.get(room.id)?.versionstamp !== versionstamp;
      if (hasMoved && sequences.length > 1) this.#contended.add(room.id);
    }
    const now = this.#elapsed();
    for (const [room, all] of group) {
      for (const pending of all) {
        if (pending.isAnswered || now - pending.since <= GIVE_UP_MS) continue;
        pending.reject(new ChatError("store_unavailable", "The room is too busy; try again in a moment."));
      }
      this.#putBack(room, all.filter(({ isAnswered }) => !isAnswered));
    }
  }

  #putBack(room: number, pending: PendingAppend[]): void {
    if (pending.length > 0) this.#queues.set(room, [...pending, ...this.#queues.get(room) ?? []]);
  }
}

/** Mutations that the appends bring, of each key the last. */
function ownMutations(sequences: readonly Sequence[]): Mutation[] {
  const merged = new Map<string, Mutation>();
  for (const { sequenced } of sequences) {
    for (const { built: { mutations = [] } } of sequenced) {
      for (const one of mutations) merged.set(nameOf(one.key), one);
    }
  }
  return [...merged.values()];
}
