/**
 * What it takes to append an entry to a room's log, and what becomes of it.
 * @module
 */
import type { Entry } from "@/lib/model/entry.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Key } from "@/lib/store/key.ts";
import type { StoredEntry } from "@/lib/store/keys.ts";
import type { Check, Mutation } from "@/lib/store/commit.ts";
import { type Cleared, nonceHash } from "@/lib/store/log/dedup_index.ts";

/** The place in the log that an entry is about to take. */
export interface Slot {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Posts that were made before it. */
  readonly posts: number;
}

/** The room as it stands just before the slot. The commit holds only if all of it is still so. */
export interface Context {
  readonly room: Room;
  /** Roles of the accounts that the append names in `members`; null for those that don't belong to the room. */
  readonly roles: ReadonlyMap<string, Role | null>;
  /** The entry at the append's `target`, or null where there is none. */
  readonly target: StoredEntry | null;
  /** The values of the append's `reads`; null or undefined where nothing stands. */
  readonly values: readonly unknown[];
}

/** The entry as people see it and as it is stored, and what else changes with it. */
export interface Built {
  readonly entry: Entry;
  readonly stored: StoredEntry;
  /** What the target becomes. */
  readonly targetAfter?: StoredEntry;
  readonly mutations?: readonly Mutation[];
  /** What must still be so at the commit, beyond the room's head and the guard. */
  readonly checks?: readonly Check[];
}

/** A condition outside the log, such as that a session still counts, which holds at the commit or refuses the append. */
export interface Guard {
  /** What the commit checks. */
  readonly check: Check;
  /** Called when a commit failed: reads again what the guard rests on, and renews `check`. Throws to refuse. */
  refresh(): Promise<void>;
}

/** A request to append an entry. */
export interface Append {
  /** Makes a repeat by the same person answer with the first one's entry. `build` keeps it there. */
  readonly nonce?: { readonly by: Person; readonly value: string } | undefined;
  /** The `seq` of an earlier entry that `build` sees, and may change. */
  readonly target?: number;
  /** Keys that `build` sees. What others than this room's log write there needs a check of its own. */
  readonly reads?: readonly Key<unknown>[];
  /** Ids of the accounts whose roles `build` sees. */
  readonly members?: readonly string[];
  readonly guard?: Guard | undefined;
  /** UTF-16 units of text that it adds, at most; 0 where absent. */
  readonly size?: number;
  /** Mutations that `build` returns, at most; 0 where absent. */
  readonly mutations?: number;
  /** Checks that `build` returns, at most; 0 where absent. */
  readonly checks?: number;
  /**
   * Called once the slot is known, and again when another instance was faster. Returns undefined where there is nothing
   * to change; throws {@link ChatError} to refuse.
   */
  build(slot: Slot, context: Context): Built | undefined;
}

/** What became of an append. `seq` is of the entry that the nonce made before, where `repeated`. */
export type Appended =
  | { readonly outcome: "committed"; readonly entry: Entry }
  | { readonly outcome: "repeated"; readonly seq: number }
  | { readonly outcome: "unchanged" };

/** An append in the queue. It's answered once. */
export class PendingAppend {
  /** Hash of the nonce; 0 where there is none. */
  readonly hash: number;
  /** What the nonce was compared with, where its hash was perhaps used before. */
  cleared: Cleared | undefined;
  #answered = false;
  readonly #answer = Promise.withResolvers<Appended>();

  /** @param since When it came, in milliseconds by the log's steady clock. */
  constructor(readonly append: Append, readonly since: number) {
    const { nonce } = append;
    this.hash = nonce ? nonceHash(nonce.by, nonce.value) : 0;
  }

  /** What becomes of it. */
  get appended(): Promise<Appended> {
    return this.#answer.promise;
  }

  /** Whether it was answered. */
  get isAnswered(): boolean {
    return this.#answered;
  }

  /** Answers it. */
  resolve(result: Appended): void {
    this.#answered = true;
    this.#answer.resolve(result);
  }

  /** Refuses it. */
  reject(error: unknown): void {
    this.#answered = true;
    this.#answer.reject(error);
  }
}
