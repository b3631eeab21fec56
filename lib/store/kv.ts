/**
 * The store: typed reads, atomic commits, compare-and-set and watches over Deno KV. Only this module knows Deno KV.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { logger, ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { assertFits, type Check, inCommits, type Mutation, put, remove, type Versioned } from "@/lib/store/commit.ts";
import type { Key, Selection } from "@/lib/store/key.ts";
import { keys } from "@/lib/store/keys.ts";
import { CircuitBreaker } from "@/lib/store/circuit_breaker.ts";
import { CommitMarkers } from "@/lib/store/commit_markers.ts";

/** The limits of one kind of store. */
export interface StoreLimits {
  /** Checks that one commit may hold. */
  readonly checks: number;
  /** Commits that may be under way at once. */
  readonly parallel: number;
  /** Watch streams that cost nothing; beyond them keys share a stream, and are all read when one has changed. */
  readonly streams: number;
  /** Whether the runtime may send a commit twice, as its answer was lost. */
  readonly repeats: boolean;
}

/** What {@link Store.update} writes. */
export interface Change<T> {
  /** The key's new value; null deletes it. */
  readonly value: T | null;
  /** In milliseconds. */
  readonly expireIn?: number | undefined;
  /** What else the same commit checks. */
  readonly checks?: readonly Check[];
  /** What else it writes. */
  readonly mutations?: readonly Mutation[];
}

/** Keys that one `getMany` or one `watch` takes. */
export const KEYS_PER_CALL = 10;

// On a server every stream is a connection.
const SERVER: StoreLimits = { checks: 10, parallel: 8, streams: 1, repeats: true };
const EMBEDDED: StoreLimits = { checks: 100, parallel: 1, streams: 100, repeats: false };

const UPDATE_TRIES = 100;
const SWEEP_BATCH = 400;
const ROWS_A_BATCH = 500;
/** How long a call waits for another process or isolate that has locked the embedded store's file, and the longest step. */
const LOCKED_MS = 5_000;
const LOCKED_PAUSE_MS = 4;
/** How often a silent server is reconnected to, in milliseconds. */
const RENEW_MS = 8_000;
/** Messages of the platform's errors for keys, values and commits that it never takes. */
const REFUSED = /\btoo (large|many)\b|could not be cloned|cannot be empty/i;
/** A commit that takes longer than this is logged, in seconds. */
const SLOW_S = 1;
const slow = new ThrottledWarning("The store is slow");

/** The part of a store that the log uses. */
export type LogStore = Pick<Store, "get" | "getBoth" | "getMany" | "list" | "commit" | "sweep" | "limits">;

/** An open store. Every method throws {@link ChatError} `store_unavailable` where the store fails or doesn't answer. */
export class Store implements AsyncDisposable {
  #kv: Deno.Kv;
  #watched: Deno.Kv;
  readonly #where: string | undefined;
  #renewedAt = -Infinity;
  #closed = false;
  readonly #markers = new CommitMarkers();
  // Two, as a store whose disk is full fails commits alone.
  readonly #reading = new CircuitBreaker(() => this.reconnect());
  readonly #writing = new CircuitBreaker(() => this.reconnect());

  private constructor(where: string | undefined, kv: Deno.Kv, watched: Deno.Kv, readonly limits: StoreLimits) {
    this.#where = where;
    this.#kv = kv;
    this.#watched = watched;
  }

  /**
   * Opens a store as it is: `openStore` makes it one of this version.
   *
   * A handle that watches must not be the one that commits: on a `denokv` server a commit to a watched key would take
   * 22 ms. `:memory:` is one store a handle, so there one handle does both.
   *
   * @param where A file, `:memory:`, the address of a `denokv` server, or undefined for Deno Deploy's own store.
   */
  static async open(where: string | undefined): Promise<Store> {
    const kv = await retryWhileLocked(() => Deno.openKv(where));
    const watched = where === ":memory:" ? kv : await retryWhileLocked(() => Deno.openKv(where));
    const remote = where === undefined || /^https?:/.test(where);
    return new Store(where, kv, watched, remote ? SERVER : EMBEDDED);
  }

  /** Reads a key. */
  async get<T>(key: Key<T>): Promise<Versioned<T>> {
    return parsed(key, await this.#read(() => this.#kv.get(key.path)));
  }

  /** Reads two keys in one snapshot. */
  async getBoth<A, B>(one: Key<A>, other: Key<B>): Promise<[Versioned<A>, Versioned<B>]> {
    const [first, second] = await this.#read(() => this.#kv.getMany<[unknown, unknown]>([one.path, other.path]));
    return [parsed(one, first), parsed(other, second)];
  }

  /** Reads keys, in their order. */
  async getMany<T>(wanted: readonly Key<T>[]): Promise<Versioned<T>[]> {
    const calls: Promise<Deno.KvEntryMaybe<unknown>[]>[] = [];
    for (let from = 0; from < wanted.length; from += KEYS_PER_CALL) {
      const paths = wanted.slice(from, from + KEYS_PER_CALL).map((key) => key.path);
      calls.push(this.#read(() => this.#kv.getMany<unknown[]>(paths)));
    }
    const found = (await Promise.all(calls)).flat();
    return wanted.map((key, index) => parsed(key, found[index]!));
  }

  /** Reads the selected values, in the order of their keys, `batch` of them at once. */
  async *list<T>(
    { schema, ...range }: Selection<T>,
    options: { limit?: number; reverse?: boolean; batch?: number } = {},
  ): AsyncGenerator<{ key: Deno.KvKey; value: T }> {
    const { limit, reverse, batch = Math.min(limit ?? ROWS_A_BATCH, ROWS_A_BATCH) } = options;
    const rows = this.#kv.list<unknown>(range, { limit, reverse, batchSize: batch });
    while (true) {
      const { done, value: row } = await this.#read(() => rows.next());
      if (done) return;
      yield { key: row.key, value: schema.parse(row.value) };
    }
  }

  /**
   * Applies the mutations together if every check holds.
   *
   * @returns The new version, or null if a check did not hold and nothing was written.
   * @throws {CommitTooLarge} Where it holds more than the platform takes.
   */
  async commit(checks: readonly Check[], mutations: readonly Mutation[]): Promise<string | null> {
    const version = await this.#applyOnce(checks, mutations);
    if (version !== null) { for (const change of mutations) if (change.type === "set") change.committed?.(); }
    return version;
  }

  /** Applies the mutations once, also where the runtime sends them twice. */
  async #applyOnce(checks: readonly Check[], mutations: readonly Mutation[]): Promise<string | null> {
    if (!this.limits.repeats || checks.length === 0 || mutations.length === 0) {
      return await this.#apply(checks, mutations);
    }
    const marker = this.#markers.take();
    const version = await this.#apply(checks, [...mutations, this.#markers.mutation(marker)]) ??
      await this.#markers.versionOf((key) => this.get(key), marker);
    // Not where this failed: the commit may yet come to pass, and leave its marker there.
    this.#markers.release(marker);
    return version;
  }

  /** Applies any number of mutations, in as many commits as it takes. */
  async write(mutations: Iterable<Mutation>): Promise<void> {
    for (const part of inCommits(mutations)) await this.commit([], part);
  }

  /**
   * Compare-and-set: writes what `change` makes of a value, and begins again where something else was written first.
   *
   * @param change Returns nothing where there is nothing to change; throws to refuse. It's called again after a conflict.
   * @returns What `change` returned last.
   * @throws {ChatError} `store_unavailable` after {@link UPDATE_TRIES} conflicts.
   */
  async update<T, Changed extends Change<T> | null | undefined>(
    key: Key<T>,
    change: (value: T | null) => Changed | Promise<Changed>,
  ): Promise<Changed> {
    for (let tries = 0; tries < UPDATE_TRIES; tries++) {
      if (tries > 0) await sleep(Math.random() * tries);
      const { value, versionstamp } = await this.get(key), changed = await change(value);
      if (!changed) return changed;
      const { checks = [], mutations = [], expireIn } = changed;
      const own = changed.value === null ? remove(key) : put(key, changed.value, expireIn);
      if (await this.commit([{ key: key.path, versionstamp }, ...checks], [own, ...mutations])) return changed;
    }
    throw unavailable(new Error(`Cannot update ${JSON.stringify(key.path)}: ${UPDATE_TRIES} tries conflicted`));
  }

  async #apply(checks: readonly Check[], mutations: readonly Mutation[]): Promise<string | null> {
    assertFits(checks, mutations, this.limits.checks);
    const atomic = this.#kv.atomic().check(...checks);
    for (const change of mutations) {
      if (change.type === "delete") atomic.delete(change.key);
      else atomic.set(change.key, change.value, change.expireIn === undefined ? {} : { expireIn: change.expireIn });
    }
    const began = performance.now();
    try {
      const result = await this.#writing.call(() => retryWhileLocked(() => atomic.commit()));
      const seconds = (performance.now() - began) / 1000;
      metrics.commitSeconds.observe(seconds);
      if (seconds > SLOW_S) slow.warn({ seconds, mutations: mutations.length });
      return result.ok ? result.versionstamp : null;
    } catch (cause) {
      // What the platform never takes is a mistake of the program; a full disk is a TypeError too.
      throw cause instanceof TypeError && REFUSED.test(cause.message) ? cause : unavailable(cause);
    }
  }

  async #read<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await this.#reading.call(call);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * Deletes all selected values, in steps that can be stopped and repeated.
   *
   * @throws What the signal aborts with.
   */
  async sweep({ schema: _, ...range }: Selection<unknown>, signal?: AbortSignal): Promise<void> {
    while (true) {
      signal?.throwIfAborted();
      const mutations: Mutation[] = [];
      const rows = this.#kv.list<unknown>(range, { limit: SWEEP_BATCH });
      while (true) {
        const { done, value: row } = await this.#read(() => rows.next());
        if (done) break;
        mutations.push({ type: "delete", key: row.key });
      }
      if (mutations.length === 0) return;
      await this.commit([], mutations);
    }
  }

  /**
   * Watches up to {@link KEYS_PER_CALL} keys until the signal aborts or the stream breaks. `changed` is called for each key
   * now, and again when it has changed; values may be skipped.
   */
  async watch<T>(
    wanted: readonly Key<T>[],
    signal: AbortSignal,
    changed: (index: number, value: T | null) => void,
  ): Promise<void> {
    const reader = this.#watched.watch<unknown[]>(wanted.map((key) => key.path)).getReader();
    const cancel = () => reader.cancel().catch(() => undefined);
    signal.addEventListener("abort", cancel, { once: true });
    const seen: (string | null | undefined)[] = [];
    while (!signal.aborted) {
      const { done, value: entries } = await reader.read().catch((cause) => Promise.reject(unavailable(cause)));
      if (done || signal.aborted) break;
      entries.forEach((entry, index) => {
        if (entry.versionstamp === seen[index]) return;
        seen[index] = entry.versionstamp;
        changed(index, parsed(wanted[index]!, entry).value);
      });
    }
    signal.removeEventListener("abort", cancel);
  }

  /**
   * Reconnects to a server that has fallen silent, at most once in {@link RENEW_MS}: the runtime waits for ever on a
   * connection that went without a word. Watch streams end, and their readers open them again.
   */
  async reconnect(): Promise<void> {
    const now = performance.now();
    if (!this.limits.repeats || now - this.#renewedAt < RENEW_MS) return;
    this.#renewedAt = now;
    try {
      const [kv, watched] = await Promise.all([Deno.openKv(this.#where), Deno.openKv(this.#where)]);
      const before = this.#closed ? [kv, watched] : [this.#kv, this.#watched];
      if (!this.#closed) [this.#kv, this.#watched] = [kv, watched];
      for (const handle of before) handle.close();
      for (const breaker of [this.#reading, this.#writing]) breaker.reset();
    } catch (error) {
      logger.warn("Cannot reconnect to the store", {}, error);
    }
  }

  /** Whether the store answers within this time, in milliseconds. */
  async isResponsive(within: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(() => resolve(false), within);
    const asked = this.get(keys.schema()).then(() => true, () => false);
    const answered = await Promise.race([asked, late]);
    clearTimeout(timer);
    return answered;
  }

  /** Whether {@link close} was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Closes the store; calls under way fail. */
  close(): void {
    this.#closed = true;
    this.#reading.close();
    this.#writing.close();
    if (this.#watched !== this.#kv) this.#watched.close();
    this.#kv.close();
  }

  /** Closes the store at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

function parsed<T>(key: Key<T>, entry: Deno.KvEntryMaybe<unknown>): Versioned<T> {
  return entry.versionstamp === null
    ? { value: null, versionstamp: null }
    : { value: key.schema.parse(entry.value), versionstamp: entry.versionstamp };
}

/** Tries again while another handle has locked the file for its own commit. */
async function retryWhileLocked<T>(act: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + LOCKED_MS;
  while (true) {
    try {
      return await act();
    } catch (cause) {
      if (!String(cause).includes("database is locked") || performance.now() > giveUp) throw cause;
      await sleep(Math.random() * LOCKED_PAUSE_MS);
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether an error says that the store does not answer. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof ChatError && error.code === "store_unavailable";
}

function unavailable(cause: unknown): ChatError {
  const error = new ChatError("store_unavailable", "The store does not answer; try again in a moment.");
  error.cause = cause;
  return error;
}
