/**
 * One instance's way to the disk: every answer waits until it is picked, and may fail, or be lost on its way back.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Key, Selection } from "@/lib/store/key.ts";
import type { Check, Mutation, Versioned } from "@/lib/store/commit.ts";
import type { LogStore, StoreLimits } from "@/lib/store/kv.ts";
import type { Disk } from "@/tests/simulation/disk.ts";
import type { Owner, Scheduler } from "@/tests/simulation/scheduler.ts";

/** How the way to the disk is just now: the share of calls that fail. */
export interface Weather {
  failing: number;
}

const LIMITS: readonly StoreLimits[] = [
  { checks: 100, parallel: 1, streams: 100, repeats: false },
  { checks: 10, parallel: 8, streams: 1, repeats: true },
];
/** Fewer than the real store takes, so that it matters. */
const KEYS_A_CALL = 3;
const BATCHES: readonly number[] = [2, 8, 500];

/** A store under a real log. */
export class SimulatedStore implements LogStore {
  readonly limits: StoreLimits;
  readonly #disk: Disk;
  readonly #scheduler: Scheduler;
  readonly #owner: Owner;
  readonly #weather: Weather;

  /** @param owner Whose answers are dropped together when it is killed. */
  constructor(disk: Disk, scheduler: Scheduler, owner: Owner, weather: Weather) {
    this.limits = scheduler.pick(LIMITS)!;
    this.#disk = disk;
    this.#scheduler = scheduler;
    this.#owner = owner;
    this.#weather = weather;
  }

  /** What stands at a key. */
  get<T>(key: Key<T>): Promise<Versioned<T>> {
    return this.#read(`get ${key.path.join("/")}`, () => this.#versioned(key));
  }

  /** What stands at two keys. */
  getBoth<A, B>(one: Key<A>, other: Key<B>): Promise<[Versioned<A>, Versioned<B>]> {
    return this.#read(`get ${one.path.join("/")} and another`, () => [this.#versioned(one), this.#versioned(other)]);
  }

  /** What stands at each key; a few of them are read together, and the others at another time. */
  async getMany<T>(wanted: readonly Key<T>[]): Promise<Versioned<T>[]> {
    const calls: Promise<Versioned<T>[]>[] = [];
    for (let from = 0; from < wanted.length; from += KEYS_A_CALL) {
      const together = wanted.slice(from, from + KEYS_A_CALL);
      calls.push(this.#read(`get ${together.length} keys`, () => together.map((key) => this.#versioned(key))));
    }
    return (await Promise.all(calls)).flat();
  }

  /** The values of a range; each batch is read at a time of its own. */
  async *list<T>(
    { schema, ...range }: Selection<T>,
    { limit = Infinity, reverse = false }: { limit?: number; reverse?: boolean } = {},
  ): AsyncGenerator<{ key: Deno.KvKey; value: T }> {
    let cursor: Deno.KvKey | undefined, left = limit;
    const batch = this.#scheduler.pick(BATCHES)!;
    while (left > 0) {
      const wanted = Math.min(batch, left), after = cursor;
      const rows = await this.#read(`list ${wanted} rows`, () => this.#disk.range(range, wanted, reverse, after));
      for (const { key, value } of rows) yield { key, value: schema.parse(value) };
      if (rows.length < wanted) return;
      left -= rows.length;
      cursor = rows.at(-1)!.key;
    }
  }

  /** Applies mutations, perhaps; and says so, perhaps. */
  commit(checks: readonly Check[], mutations: readonly Mutation[]): Promise<string | null> {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const scheduler = this.#scheduler;
    const late = () => {
      if (!scheduler.happens(0.5)) return;
      scheduler.add(
        this.#disk,
        "a commit that nobody waits for takes effect",
        () => this.#disk.apply(checks, mutations),
      );
    };
    scheduler.add(this.#owner, "commit", () => {
      if (this.#fails() && scheduler.happens(0.6)) {
        scheduler.note("  … and the commit fails");
        late();
        return reject(unavailable());
      }
      const versionstamp = this.#disk.apply(checks, mutations);
      scheduler.note(versionstamp === null ? "  … and its check does not hold" : "  … and the commit takes effect");
      this.#answer("the commit", () => resolve(versionstamp), () => reject(unavailable()));
    }, { orphaned: late });
    return promise;
  }

  /** Deletes everything under a prefix. */
  async sweep(selection: Selection<unknown>): Promise<void> {
    const mutations: Mutation[] = [];
    for (const { key } of this.#disk.range(selection, Infinity, false)) mutations.push({ type: "delete", key });
    await this.commit([], mutations);
  }

  #versioned<T>(key: Key<T>): Versioned<T> {
    const row = this.#disk.row(key.path);
    return row
      ? { value: key.schema.parse(row.value), versionstamp: row.versionstamp }
      : { value: null, versionstamp: null };
  }

  #read<T>(what: string, read: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#scheduler.add(this.#owner, what, () => {
      const value = read();
      this.#answer(what, () => resolve(value), () => reject(unavailable()));
    });
    return promise;
  }

  /** An answer comes at once, or something else happens before it does; or it never comes. */
  #answer(what: string, came: () => void, failed: () => void): void {
    const fails = this.#fails();
    const answer = () => {
      if (fails) this.#scheduler.note(`  … and the answer to ${what} is lost`);
      (fails ? failed : came)();
    };
    if (this.#scheduler.happens(0.5)) answer();
    else this.#scheduler.add(this.#owner, `the answer to ${what} comes`, answer);
  }

  #fails(): boolean {
    return this.#scheduler.happens(this.#weather.failing);
  }
}

function unavailable(): ChatError {
  return new ChatError("store_unavailable");
}
