/**
 * A node's connection to the database: every call waits until the scheduler picks it, and may fail, or its answer be lost.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Key, Selection } from "@/lib/store/key.ts";
import type { Check, Mutation, Versioned } from "@/lib/store/commit.ts";
import type { LogStore, StoreLimits } from "@/lib/store/kv.ts";
import type { Database } from "@/tests/simulation/database.ts";
import type { Owner, Scheduler } from "@/tests/simulation/scheduler.ts";

/** How often calls fail at present. */
export interface Failures {
  /** The share of calls. */
  rate: number;
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
  readonly #database: Database;
  readonly #scheduler: Scheduler;
  readonly #owner: Owner;
  readonly #failures: Failures;

  /** @param owner Calls of one owner are dropped together when it is killed. */
  constructor(database: Database, scheduler: Scheduler, owner: Owner, failures: Failures) {
    this.limits = scheduler.pick(LIMITS)!;
    this.#database = database;
    this.#scheduler = scheduler;
    this.#owner = owner;
    this.#failures = failures;
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
      const rows = await this.#read(`list ${wanted} rows`, () => this.#database.range(range, wanted, reverse, after));
      for (const { key, value } of rows) yield { key, value: schema.parse(value) };
      if (rows.length < wanted) return;
      left -= rows.length;
      cursor = rows.at(-1)!.key;
    }
  }

  /** Applies mutations, perhaps; and answers, perhaps. */
  commit(checks: readonly Check[], mutations: readonly Mutation[]): Promise<string | null> {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    const scheduler = this.#scheduler;
    const applyLate = () => {
      if (!scheduler.happens(0.5)) return;
      scheduler.add(
        this.#database,
        "an orphaned commit takes effect",
        () => this.#database.apply(checks, mutations),
      );
    };
    scheduler.add(this.#owner, "commit", () => {
      if (this.#fails() && scheduler.happens(0.6)) {
        scheduler.note("  … and the commit fails");
        applyLate();
        return reject(unavailable());
      }
      const versionstamp = this.#database.apply(checks, mutations);
      scheduler.note(versionstamp === null ? "  … and its check does not hold" : "  … and the commit takes effect");
      this.#answer("the commit", () => resolve(versionstamp), () => reject(unavailable()));
    }, { onDrop: applyLate });
    return promise;
  }

  /** Deletes everything under a prefix. */
  async sweep(selection: Selection<unknown>): Promise<void> {
    const mutations: Mutation[] = [];
    for (const { key } of this.#database.range(selection, Infinity, false)) mutations.push({ type: "delete", key });
    await this.commit([], mutations);
  }

  #versioned<T>(key: Key<T>): Versioned<T> {
    const row = this.#database.row(key.path);
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

  /** Answers at once, or after something else has happened; or with a failure. */
  #answer(what: string, succeed: () => void, fail: () => void): void {
    const fails = this.#fails();
    const answer = () => {
      if (fails) this.#scheduler.note(`  … and the answer to ${what} is lost`);
      (fails ? fail : succeed)();
    };
    if (this.#scheduler.happens(0.5)) answer();
    else this.#scheduler.add(this.#owner, `the answer to ${what} comes`, answer);
  }

  #fails(): boolean {
    return this.#scheduler.happens(this.#failures.rate);
  }
}

function unavailable(): ChatError {
  return new ChatError("store_unavailable");
}
