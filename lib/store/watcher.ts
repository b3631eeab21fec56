/**
 * A watcher of keys: `kv.watch` on the heads of the rooms and the signals of the accounts that sockets here follow. A watch
 * skips values under load, so it says that there is more, never what.
 * @module
 */
import { ThrottledWarning } from "@/lib/logger.ts";
import type { Key } from "@/lib/store/key.ts";
import { KEYS_PER_CALL, type Store } from "@/lib/store/kv.ts";

/** Called with a key's value, and null where nothing stands. */
export type OnChange<T> = (value: T | null) => void;

interface Watched<T> {
  readonly key: Key<T>;
  readonly listeners: Set<OnChange<T>>;
  readonly stream: WatchStream<T>;
  /** What the listeners were last called with. */
  last: { readonly value: T | null } | undefined;
}

const REOPEN_MS = 500;
const broken = new ThrottledWarning("A watch broke and is opened again");

/** Watches any number of keys of one kind. A key is watched once, however many listen to it. */
export class KeyWatcher<Id extends string | number, T> {
  readonly #store: Store;
  readonly #key: (id: Id) => Key<T>;
  readonly #streams = new Set<WatchStream<T>>();
  readonly #watched = new Map<Id, Watched<T>>();
  #isRemote = true;

  /**
   * Nothing is opened before the first watch.
   *
   * @param key The key of an id.
   */
  constructor(store: Store, key: (id: Id) => Key<T>) {
    this.#store = store;
    this.#key = key;
  }

  /** How many keys are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Calls `onChange` with a key's value now and after changes, until the returned function is called. */
  watch(id: Id, onChange: OnChange<T>): () => void {
    const watched = this.#watched.get(id) ?? this.#open(id);
    watched.listeners.add(onChange);
    const { last } = watched;
    if (last) queueMicrotask(() => watched.listeners.has(onChange) && onChange(last.value));
    return () => {
      if (!watched.listeners.delete(onChange) || watched.listeners.size > 0) return;
      this.#watched.delete(id);
      watched.stream.remove(watched);
      if (watched.stream.size === 0) this.#streams.delete(watched.stream);
    };
  }

  /**
   * Watches the store, or stops while no other process writes to it: then {@link publishLocal} says everything. A stream
   * that is opened later begins with the values that stand by then.
   */
  setRemote(isRemote: boolean): void {
    if (isRemote === this.#isRemote) return;
    this.#isRemote = isRemote;
    for (const stream of this.#streams) stream.setRemote(isRemote);
  }

  /** Passes on what this process has just written, while the store isn't watched. */
  publishLocal(id: Id, value: T | null): void {
    if (this.#isRemote) return;
    const watched = this.#watched.get(id);
    if (watched) publish(watched, value);
  }

  #open(id: Id): Watched<T> {
    const stream = this.#streamWithRoom();
    const watched = { key: this.#key(id), listeners: new Set<OnChange<T>>(), stream, last: undefined };
    this.#streams.add(stream);
    this.#watched.set(id, watched);
    stream.add(watched);
    return watched;
  }

  /** A new stream, as long as more of them cost nothing or where all others are full. */
  #streamWithRoom(): WatchStream<T> {
    if (this.#streams.size >= this.#store.limits.streams) {
      for (const stream of this.#streams) if (stream.size < KEYS_PER_CALL) return stream;
    }
    return new WatchStream(this.#store, this.#isRemote);
  }

  /** Ends every watch. */
  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    this.#watched.clear();
  }
}

/** One watch stream. It's opened again when its set of keys changes; its first answer leaves no hole between. */
class WatchStream<T> {
  readonly #watched = new Set<Watched<T>>();
  readonly #store: Store;
  #isRemote: boolean;
  #watching = new AbortController();

  constructor(store: Store, isRemote: boolean) {
    this.#store = store;
    this.#isRemote = isRemote;
  }

  get size(): number {
    return this.#watched.size;
  }

  setRemote(isRemote: boolean): void {
    this.#isRemote = isRemote;
    this.#reopen();
  }

  add(watched: Watched<T>): void {
    this.#watched.add(watched);
    this.#reopen();
  }

  remove(watched: Watched<T>): void {
    this.#watched.delete(watched);
    this.#reopen();
  }

  close(): void {
    this.#watched.clear();
    this.#watching.abort();
  }

  /** Keys that are added in the same turn of the event loop share one opening. */
  #reopen(): void {
    this.#watching.abort();
    const { signal } = this.#watching = new AbortController();
    queueMicrotask(() => this.#open(signal));
  }

  async #open(signal: AbortSignal): Promise<void> {
    const watched = [...this.#watched];
    if (signal.aborted || watched.length === 0) return;
    try {
      if (!this.#isRemote) return await this.#readOnce(watched.filter(({ last }) => !last), signal);
      const keys = watched.map(({ key }) => key);
      await this.#store.watch(keys, signal, (index, value) => publish(watched[index]!, value));
    } catch (error) {
      if (!signal.aborted) broken.warn({}, error);
    }
    if (!signal.aborted) setTimeout(() => signal.aborted || this.#reopen(), REOPEN_MS);
  }

  /** Reads the values of new keys. */
  async #readOnce(watched: readonly Watched<T>[], signal: AbortSignal): Promise<void> {
    const found = await this.#store.getMany(watched.map(({ key }) => key));
    if (signal.aborted) return;
    // What was published meanwhile is newer.
    watched.forEach((one, index) => one.last || publish(one, found[index]!.value));
  }
}

function publish<T>(watched: Watched<T>, value: T | null): void {
  watched.last = { value };
  for (const onChange of watched.listeners) onChange(value);
}
