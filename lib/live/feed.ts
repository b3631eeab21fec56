/**
 * The tail of a room's log in this process, delivered in order without a gap: what this process commits comes at once from
 * memory, what another commits is read from the log when the watch on the head fires.
 * @module
 */
import { changed, type Entry, isPost, subject } from "@/lib/model/entry.ts";
import type { Head } from "@/lib/model/room.ts";
import { ChatError } from "@/lib/errors.ts";
import { ThrottledWarning } from "@/lib/logger.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** Called with each run of entries, dense and in order. */
export type OnEntries = (entries: readonly Entry[]) => void;

/** Where a resuming client was; without `after` it begins anew. */
export interface Position {
  readonly after?: number | undefined;
  readonly epoch?: string | undefined;
}

/** How many of the last entries stay in memory for resuming clients. */
export const TAIL = 256;
/** A client that missed more entries than this is reset. */
export const MISSED_MAX = 1_000;
/** Pause after a read that failed, in milliseconds. */
const RETRY_MS = 500;
const behind = new ThrottledWarning("Cannot read on in a room, and try again");

/**
 * What a client that resumes from a position needs: nothing, the entries after it, or a reset, as the position is of
 * another log, past the end, or too long ago.
 */
export function recovery(position: Position, head: Head): "none" | "entries" | "reset" {
  const { after = head.seq, epoch = head.epoch } = position;
  if (epoch !== head.epoch || after > head.seq || head.seq - after > MISSED_MAX) return "reset";
  return after === head.seq ? "none" : "entries";
}

/** The tail of one room's log. */
export class Feed {
  readonly #room: number;
  readonly #log: Log;
  readonly #onEntries: OnEntries;
  readonly #later: (act: () => void, wait: number) => void;
  #head: Head;
  /** The last entries, as they stand now: an edit changes the post here too, a deletion leaves nothing of it. */
  #tail: Entry[] = [];
  /** The newest head that is known; up to it there is something to read. */
  #latest: Head;
  /** The read of what is missing, while it runs. */
  #catching: Promise<void> | undefined;
  /** Whether what is committed here meanwhile has to wait. */
  #reading = false;

  /**
   * A feed that goes on from `head`.
   *
   * @param later Calls back after some milliseconds.
   */
  constructor(
    room: number,
    head: Head,
    log: Log,
    onEntries: OnEntries,
    later: (act: () => void, wait: number) => void = (act, wait) => setTimeout(act, wait),
  ) {
    this.#room = room;
    this.#head = head;
    this.#latest = head;
    this.#log = log;
    this.#onEntries = onEntries;
    this.#later = later;
  }

  /** Where the feed stands: everything up to here has been delivered. */
  get head(): Head {
    return this.#head;
  }

  /** Delivers what this process has committed, once what is before it has been. */
  offer(head: Head, entries: readonly Entry[]): void {
    const first = entries[0]!.seq;
    if (first === this.#head.seq + 1 && !this.#reading) return this.#deliver(head, entries);
    if (first <= this.#head.seq) return;
    this.#advanceTo(head);
  }

  /** The log stands at `head`: reads what is missing. */
  onHead(head: Head): void {
    if (head.seq > this.#head.seq) this.#advanceTo(head);
  }

  /**
   * Advances to where a resuming client has been, if the log is that far: it comes from another instance, and the
   * watch may be late.
   *
   * @throws {ChatError} `store_unavailable` where that cannot be read now.
   */
  async waitFor({ after = 0, epoch = this.#head.epoch }: Position): Promise<void> {
    if (after <= this.#head.seq || epoch !== this.#head.epoch) return;
    const head = await this.#log.head(this.#room);
    if (!head || head.seq < after) return;
    this.onHead(head);
    await this.#catching;
    if (this.#head.seq < after) throw new ChatError("store_unavailable");
  }

  /** The entries after `seq` up to the feed's head, from memory where they are there. */
  async since(seq: number): Promise<readonly Entry[]> {
    const floor = this.#head.seq - this.#tail.length;
    return seq >= floor ? this.#tail.slice(seq - floor) : await this.#log.read(this.#room, seq, this.#head.seq);
  }

  #advanceTo(head: Head): void {
    if (head.seq > this.#latest.seq) this.#latest = head;
    this.#catching ??= this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    try {
      // What is under way here will be offered: the watch may well be quicker than the commit's own answer.
      await this.#log.settled(this.#room);
      while (this.#latest.seq > this.#head.seq) {
        this.#reading = true;
        const upTo = Math.min(this.#latest.seq, this.#head.seq + MISSED_MAX);
        const entries = await this.#log.read(this.#room, this.#head.seq, upTo);
        if (entries.length === 0) break;
        this.#deliver({ ...this.#latest, seq: upTo }, entries);
      }
    } catch (error) {
      behind.warn({ room: this.#room }, error);
      this.#later(() => this.onHead(this.#latest), RETRY_MS);
    } finally {
      this.#catching = undefined;
      this.#reading = false;
    }
  }

  #deliver(head: Head, entries: readonly Entry[]): void {
    this.#head = head;
    for (const entry of entries) this.#remember(entry);
    if (this.#tail.length > 2 * TAIL) this.#tail = this.#tail.slice(-TAIL);
    this.#onEntries(entries);
  }

  #remember(entry: Entry): void {
    this.#tail.push(entry);
    if (isPost(entry)) return;
    const post = subject(entry);
    if (post === undefined) return;
    for (let index = this.#tail.length - 2; index >= 0; index--) {
      const before = this.#tail[index]!;
      if (subject(before) !== post) continue;
      this.#tail[index] = rewritten(before, entry);
      if (isPost(before)) break;
    }
  }
}

/** An earlier entry, once a later one has changed the message that it is about. */
function rewritten(before: Entry, entry: Entry): Entry {
  if (entry.type === "delete") {
    const { seq, by } = before;
    // An edit that was read late is such an entry before the deletion itself comes.
    if (before.type === "post" || (before.type === "delete" && seq === entry.post)) {
      return { ...entry, seq, by, ...(before.nonce === undefined ? {} : { nonce: before.nonce }) };
    }
    if (before.type === "edit") {
      return { type: "delete", seq: before.seq, at: before.at, by: before.by, post: entry.post };
    }
    return before;
  }
  if (before.type === "post") return changed(before, entry) ?? before;
  if (before.type === "edit") return { ...before, message: changed(before.message, entry) ?? before.message };
  return before;
}
