/**
 * How a draft becomes an entry: it finds its slot after the room's head, sees what stands there, and is built. Pure; the
 * commit is the log's.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Head } from "@/lib/model/room.ts";
import { DEDUP_TTL, type Key, keys, type StoredEntry } from "@/lib/store/keys.ts";
import { type DedupIndex, entryHash } from "@/lib/store/log/dedup_index.ts";
import { appendedBatches, splitBatch } from "@/lib/store/log/batches.ts";
import { type Check, type Mutation, put } from "@/lib/store/kv.ts";

/** The place in the log that an entry is about to take. */
export interface Slot {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Posts that were made before it. */
  readonly posts: number;
}

/** What a draft makes of its slot: the entry as people see it, as it is stored, and what else changes with it. */
export interface Built {
  readonly entry: Entry;
  readonly stored: StoredEntry;
  /** What the entry that it is about becomes. */
  readonly targetAfter?: StoredEntry;
  readonly mutations?: readonly Mutation[];
  /** What must still be so at the commit, beyond the room's head. */
  readonly checks?: readonly Check[];
}

/** Something that wants to become an entry. */
export interface Append {
  /** Makes a repeat of the same draft by the same person answer with the first one's entry. `build` keeps it there. */
  readonly nonce?: { readonly by: Person; readonly value: string };
  /** The `seq` of an earlier entry that `build` has to see, and may change. */
  readonly target?: number;
  /** What else `build` has to see, as it stands just before this entry. */
  readonly reads?: readonly Key<unknown>[];
  /** UTF-16 units of text that it adds, at most; 0 where absent. */
  readonly size?: number;
  /** Whose draft it is, given back in {@link Committed}. */
  readonly origin?: object;
  /**
   * Called once the slot is known, perhaps more than once when another instance was faster. Returns undefined where
   * there is nothing to change; throws {@link ChatError} to refuse.
   */
  build(slot: Slot, values: readonly unknown[], about: StoredEntry | null): Built | undefined;
}

/** An entry that was just committed, and where its draft came from. */
export interface Committed {
  readonly entry: Entry;
  readonly origin?: object;
  readonly nonce?: string;
}

/** What became of a draft. `seq` is of the message that a nonce made before, where `repeated`. */
export type Appended =
  | { readonly outcome: "committed"; readonly entry: Entry }
  | { readonly outcome: "repeated"; readonly seq: number }
  | { readonly outcome: "unchanged" };

/** A draft and who waits for what becomes of it. */
export interface PendingAppend {
  readonly append: Append;
  readonly since: number;
  /** Hash of the nonce; 0 where there is none. */
  readonly hash: number;
  /** The nonce was looked up, and another only has the same hash. */
  isNew: boolean;
  resolve(result: Appended): void;
  reject(error: unknown): void;
}

/** What this process knows of a room that it writes to. */
export interface RoomState {
  readonly head: Head;
  readonly versionstamp: string | null;
  /** Up to the head. */
  readonly nonces: DedupIndex;
}

/** A draft that has found its slot. */
export interface Sequenced {
  readonly pending: PendingAppend;
  readonly built: Built;
}

/** What stands in the store that the drafts of a commit have to see. */
export interface StoredContext {
  /** Rows of the room's log. */
  readonly rows: readonly (readonly StoredEntry[])[];
  /** Values by key. */
  readonly values: Map<string, unknown>;
}

const NOTHING: readonly unknown[] = [];

/**
 * Gives each draft of a room its slot after the head. Suspects wait for the end of this commit: those whose nonce was
 * perhaps used before, and those that would be refused, or change nothing, because of what it has yet to write.
 */
export function sequence(
  room: number,
  { head, nonces }: RoomState,
  waiting: readonly PendingAppend[],
  { rows, values }: StoredContext,
  at: number,
): { head: Head; placed: Sequenced[]; suspected: PendingAppend[]; mutations: Mutation[] } {
  const placed: Sequenced[] = [], suspected: PendingAppend[] = [], hashes = new Set<number>();
  const access = new Map<number, StoredEntry>(), changed = new Map<number, StoredEntry>();
  for (const row of rows) for (const entry of row) access.set(entry.seq, entry);
  let { seq, posts, at: lastPost } = head;
  for (const one of waiting) {
    const { append: draft, hash } = one;
    if (hash !== 0 && !one.isNew && (hashes.has(hash) || nonces.find(hash) !== undefined)) {
      suspected.push(one);
      continue;
    }
    try {
      const about = draft.target === undefined ? null : access.get(draft.target) ?? null;
      const found = draft.reads ? draft.reads.map((key) => values.get(nameOf(key.path))) : NOTHING;
      const built = draft.build({ seq: seq + 1, at, posts }, found, about);
      if (!built) {
        if (isEarly(draft, placed)) suspected.push(one);
        else one.resolve({ outcome: "unchanged" });
        continue;
      }
      seq++;
      if (built.entry.type === "post") posts++, lastPost = at;
      hashes.add(hash);
      // The next draft of this commit sees what this one is about to write.
      access.set(seq, built.stored);
      if (built.targetAfter) {
        access.set(built.targetAfter.seq, built.targetAfter), changed.set(built.targetAfter.seq, built.targetAfter);
      }
      if (values.size > 0) {
        for (const change of built.mutations ?? []) {
          values.set(nameOf(change.key), change.type === "set" ? change.value : null);
        }
      }
      placed.push({ pending: one, built });
    } catch (refusal) {
      if (isEarly(draft, placed)) suspected.push(one);
      else one.reject(refusal);
    }
  }
  const added = placed.map(({ built: { stored } }) => changed.get(stored.seq) ?? stored);
  const touched = rows.filter((row) => row.some((entry) => changed.has(entry.seq)));
  const mutations = [...appendedBatches(room, added), ...touched.flatMap((row) => splitBatch(room, row, changed))];
  for (const { built: { mutations: also } } of placed) if (also) mutations.push(...also);
  return { head: { epoch: head.epoch, seq, posts, at: lastPost }, placed, suspected, mutations };
}

/** Whether a draft has perhaps seen what is not committed yet. */
function isEarly({ target: about, reads = [] }: Append, placed: readonly Sequenced[]): boolean {
  return placed.length > 0 && (about !== undefined || reads.length > 0);
}

/** Whether this entry is what the draft's nonce made before. */
export function isRepeat({ hash, append: { nonce } }: PendingAppend, entry: StoredEntry): boolean {
  return "nonce" in entry && entry.nonce === nonce?.value && entryHash(entry) === hash;
}

/** The span of nonces that these entries complete, if they do. */
export function completedBlock(room: number, nonces: DedupIndex, placed: readonly Sequenced[]): Mutation[] {
  const first = placed[0]!.built.stored;
  const span = nonces.completeBlock(first.seq, placed.map(({ pending: waiting }) => waiting.hash));
  return span ? [put(keys.nonces(room, span.index), { at: first.at, hashes: span.hashes }, DEDUP_TTL)] : [];
}

/** A key as a string, for use in a map. */
export function nameOf(key: Deno.KvKey): string {
  return JSON.stringify(key);
}
