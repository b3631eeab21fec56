/**
 * How appends become entries: each takes its slot after the room's head, sees the room as the ones before it leave it, and
 * is built. Pure; the commit is the log's.
 * @module
 */
import type { Role } from "@/lib/model/membership.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import { type Check, type Mutation, put } from "@/lib/store/commit.ts";
import type { Append, Built, Context, PendingAppend } from "@/lib/store/log/append.ts";
import { appendedBatches, splitBatch } from "@/lib/store/log/batches.ts";
import type { RoomState } from "@/lib/store/log/room_state.ts";

/** An append that has its slot. */
export interface Sequenced {
  readonly pending: PendingAppend;
  readonly built: Built;
}

/** What the appends of a group see of the store. */
export interface StoredContext {
  /** Batches of the room's log. */
  readonly batches: readonly (readonly StoredEntry[])[];
  /** Values by {@link nameOf} their keys. */
  readonly values: Map<string, unknown>;
}

const NOTHING: readonly unknown[] = [];
/** Bytes of a head in the store, at most. */
const HEAD_BYTES = 200;

/** What one commit writes to one room, put together append by append. */
export class Sequence {
  readonly sequenced: Sequenced[] = [];
  /** Answers that hold if the commit does: of appends that are refused, or change nothing. */
  readonly answers: { readonly pending: PendingAppend; answer(): void }[] = [];
  /** Appends to look at again after the commit, as they rest on what it has yet to write. */
  readonly deferred: PendingAppend[] = [];
  readonly #stored: StoredContext;
  readonly #at: number;
  readonly #hashes = new Set<number>();
  readonly #entries = new Map<number, StoredEntry>();
  readonly #changed = new Map<number, StoredEntry>();
  #head: Head;
  #room: Room;
  #roles: Map<string, Role | null>;

  /** @param now The date of all entries, in milliseconds since 1970, unless the last message is dated later. */
  constructor(readonly state: RoomState, stored: StoredContext, now: number) {
    this.#stored = stored;
    this.#at = Math.max(now, state.head.at);
    this.#head = state.head;
    this.#room = state.room;
    this.#roles = state.roles;
    for (const batch of stored.batches) for (const entry of batch) this.#entries.set(entry.seq, entry);
  }

  /** Takes note that the commit has taken effect, and returns the room's state after it. */
  committed(versionstamp: string): RoomState {
    const { nonces } = this.state;
    for (const { pending: { hash }, built: { entry } } of this.sequenced) nonces.add(entry.seq, hash, entry.at);
    return { head: this.#head, versionstamp, room: this.#room, roles: this.#roles, nonces };
  }

  /** The head once the commit has taken effect. */
  get head(): Head {
    return this.#head;
  }

  /** Gives an append the next slot, where it makes an entry. */
  add(pending: PendingAppend): void {
    // It has a twin in this commit, whose entry answers it.
    if (pending.hash !== 0 && this.#hashes.has(pending.hash)) return void this.deferred.push(pending);
    const built = this.#build(pending);
    if (built) this.#apply(pending, built);
  }

  #build(pending: PendingAppend): Built | undefined {
    const { append } = pending;
    const slot = { seq: this.#head.seq + 1, at: this.#at, posts: this.#head.posts };
    try {
      const built = append.build(slot, this.#context(append));
      if (!built) this.#settle(pending, () => pending.resolve({ outcome: "unchanged" }));
      return built;
    } catch (refusal) {
      this.#settle(pending, () => pending.reject(refusal));
      return undefined;
    }
  }

  #context({ target, reads }: Append): Context {
    const { values } = this.#stored;
    return {
      room: this.#room,
      roles: this.#roles,
      target: target === undefined ? null : this.#entries.get(target) ?? null,
      values: reads ? reads.map((key) => values.get(nameOf(key.path))) : NOTHING,
    };
  }

  /** Answers an append that makes no entry; later, where it has perhaps seen what is not committed yet. */
  #settle(pending: PendingAppend, answer: () => void): void {
    const { target, reads } = pending.append;
    const isTentative = this.sequenced.length > 0 &&
      (target !== undefined || reads !== undefined || this.#room !== this.state.room ||
        this.#roles !== this.state.roles);
    if (isTentative) this.deferred.push(pending);
    else this.answers.push({ pending, answer });
  }

  /** The next append sees what this one is about to write. */
  #apply(pending: PendingAppend, built: Built): void {
    const { entry, stored, targetAfter, mutations = [] } = built, { values } = this.#stored;
    const { epoch, posts, at } = this.#head, isPost = entry.type === "post";
    this.#head = { epoch, seq: entry.seq, posts: isPost ? posts + 1 : posts, at: isPost ? this.#at : at };
    this.#hashes.add(pending.hash);
    this.#entries.set(stored.seq, stored);
    if (targetAfter) {
      this.#entries.set(targetAfter.seq, targetAfter);
      this.#changed.set(targetAfter.seq, targetAfter);
    }
    if (entry.type === "room") {
      const { name, description, archived } = entry;
      this.#room = { ...this.#room, name, description, archived };
    }
    if (entry.type === "member") {
      this.#roles = new Map(this.#roles).set(entry.member.id, entry.role);
      if (entry.role === "owner") this.#room = { ...this.#room, owned: true };
    }
    if (values.size > 0) {
      for (const change of mutations) values.set(nameOf(change.key), change.type === "set" ? change.value : null);
    }
    this.sequenced.push({ pending, built });
  }

  /** What the commit checks for this room. */
  checks(): Check[] {
    const { room: { id }, versionstamp } = this.state;
    const checks: Check[] = [{ key: keys.head(id).path, versionstamp }];
    for (const { built } of this.sequenced) if (built.checks) checks.push(...built.checks);
    return checks;
  }

  /** What the commit writes to this room's log. */
  logMutations(): Mutation[] {
    if (this.sequenced.length === 0) return [];
    const { id } = this.state.room, { batches } = this.#stored;
    const added = this.sequenced.map(({ built: { stored } }) => this.#changed.get(stored.seq) ?? stored);
    const touched = batches.filter((batch) => batch.some((entry) => this.#changed.has(entry.seq)));
    return [
      { ...put(keys.head(id), this.#head), size: HEAD_BYTES },
      ...this.#completedNonces(),
      ...appendedBatches(id, added),
      ...touched.flatMap((batch) => splitBatch(id, batch, this.#changed)),
    ];
  }

  #completedNonces(): Mutation[] {
    const { room: { id }, nonces } = this.state, { seq, at } = this.sequenced[0]!.built.stored;
    return nonces.completed(id, seq, this.sequenced.map(({ pending }) => pending.hash), at);
  }
}

/** A key as a string, for use in a map. */
export function nameOf(key: Deno.KvKey): string {
  return JSON.stringify(key);
}
