/**
 * The database of a simulation.
 * @module
 */
import type { Head } from "@/lib/model/room.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Check, Mutation } from "@/lib/store/commit.ts";
import type { Owner, Scheduler } from "@/tests/simulation/scheduler.ts";

/** A value with its key and version. */
export interface Row {
  readonly key: Deno.KvKey;
  readonly value: unknown;
  readonly versionstamp: string;
}

interface Watch {
  readonly owner: Owner;
  readonly room: number;
  readonly onHead: (head: Head) => void;
  /** The row that it delivers next, which may be old by then. */
  next: Row | undefined;
}

/** A key-value database in memory, whose calls take effect at once. */
export class Database implements Owner {
  readonly name = "the database";
  readonly #scheduler: Scheduler;
  readonly #applied: (mutations: readonly Mutation[]) => void;
  readonly #rows = new Map<string, Row>();
  /** The names of all rows, in the order of their keys. */
  readonly #order: string[] = [];
  readonly #watches = new Set<Watch>();
  #version = 0;

  /** @param applied Called with each commit that has taken effect. */
  constructor(scheduler: Scheduler, applied: (mutations: readonly Mutation[]) => void) {
    this.#scheduler = scheduler;
    this.#applied = applied;
  }

  /** What stands at a key. */
  row(key: Deno.KvKey): Row | undefined {
    return this.#rows.get(nameOf(key));
  }

  /** Up to `limit` rows of a range, from the one after `cursor` on. */
  range(selector: Deno.KvListSelector, limit: number, reverse: boolean, cursor?: Deno.KvKey): Row[] {
    const prefix = "prefix" in selector ? nameOf(selector.prefix) : "";
    let first = this.#place("start" in selector ? nameOf(selector.start) : prefix);
    let end = this.#place("end" in selector ? nameOf(selector.end) : prefix + LAST);
    if (cursor && reverse) end = this.#place(nameOf(cursor));
    else if (cursor) first = this.#place(nameOf(cursor)) + 1;
    const names = reverse
      ? this.#order.slice(Math.max(first, end - limit), Math.max(first, end)).reverse()
      : this.#order.slice(first, Math.min(end, first + limit));
    return names.map((name) => this.#rows.get(name)!);
  }

  /** Applies mutations if every check holds; null where one does not. */
  apply(checks: readonly Check[], mutations: readonly Mutation[]): string | null {
    if (!checks.every(({ key, versionstamp }) => (this.row(key)?.versionstamp ?? null) === versionstamp)) return null;
    const versionstamp = String(++this.#version).padStart(8, "0");
    for (const change of mutations) {
      const name = nameOf(change.key), known = this.#rows.has(name);
      if (change.type === "set") {
        if (!known) this.#order.splice(this.#place(name), 0, name);
        this.#rows.set(name, { key: change.key, value: change.value, versionstamp });
      } else if (known) {
        this.#order.splice(this.#place(name), 1);
        this.#rows.delete(name);
      }
    }
    this.#applied(mutations);
    for (const watch of this.#watches) if (this.#isNews(watch)) this.#wake(watch);
    return versionstamp;
  }

  /** Calls `onHead` with the room's head now and after each change, but late; some changes are skipped, never the last. */
  watch(owner: Owner, room: number, onHead: (head: Head) => void): void {
    const watch: Watch = { owner, room, onHead, next: undefined };
    this.#watches.add(watch);
    this.#wake(watch);
  }

  /** Ends the watches of this owner. */
  unwatch(owner: Owner): void {
    for (const watch of this.#watches) if (watch.owner === owner) this.#watches.delete(watch);
  }

  #isNews({ room, next }: Watch): boolean {
    return this.row(keys.head(room).path)?.versionstamp !== next?.versionstamp;
  }

  #wake(watch: Watch): void {
    const { owner, room, next } = watch, head = this.row(keys.head(room).path);
    if (next && this.#scheduler.happens(0.5)) return;
    watch.next = head;
    if (next) return;
    this.#scheduler.add(owner, `the watch of room ${room} delivers`, () => {
      const row = watch.next;
      watch.next = undefined;
      if (row) watch.onHead(keys.head(room).schema.parse(row.value));
      if (row?.versionstamp !== this.row(keys.head(room).path)?.versionstamp) this.#wake(watch);
    });
  }

  /** Where a name stands in the order, or would stand. */
  #place(name: string): number {
    let low = 0, high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order[middle]! < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const LAST = "\uffff";

/** A key as a string that sorts as the key does: strings before numbers, each by its value. */
function nameOf(key: Deno.KvKey): string {
  return key.map((part) => typeof part === "number" ? `2${String(part).padStart(16, "0")}\0` : `1${String(part)}\0`)
    .join("");
}
