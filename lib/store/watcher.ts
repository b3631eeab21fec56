/**
 * Keys that ring: `kv.watch` on the heads of the rooms that someone here looks at, and on the bells of the people who are
 * here. A watch skips values under load; it says that there is more, never what.
 * @module
 */
import { ThrottledWarning } from "@/lib/logger.ts";
import type { Key } from "@/lib/store/key.ts";
import { KEYS_PER_CALL, type Store } from "@/lib/store/kv.ts";

/** Called with what stands at a key now, and null where nothing does. */
export type OnChange<T> = (value: T | null) => void;

interface Watched<T> {
  readonly key: Key<T>;
  readonly rings: Set<OnChange<T>>;
  readonly slot: WatchStream<T>;
  /** What stood there when it was last told. */
  known: { readonly value: T | null } | undefined;
}

const REOPEN_MS = 500;
const broken = new ThrottledWarning("A watch broke and is opened again");

/** Watches any number of keys of one kind, {@link KEYS_PER_CALL} a stream. A key is watched once, however many listen. */
export class KeyWatcher<Id extends string | number, T> {
  readonly #store: Store;
  readonly #key: (id: Id) => Key<T>;
  readonly #slots = new Set<WatchStream<T>>();
  readonly #watched = new Map<Id, Watched<T>>();
  #listening = true;

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

  /** Calls `ring` until the returned function is called. The first ring tells what stands there now. */
  watch(id: Id, ring: OnChange<T>): () => void {
    const watched = this.#watched.get(id) ?? this.#open(id);
    watched.rings.add(ring);
    const { known } = watched;
    if (known) queueMicrotask(() => watched.rings.has(ring) && ring(known.value));
    return () => {
      if (!watched.rings.delete(ring) || watched.rings.size > 0) return;
      this.#watched.delete(id);
      watched.slot.remove(watched);
      if (watched.slot.size === 0) this.#slots.delete(watched.slot);
    };
  }

  /**
   * Watches the store, or spares it that while nobody else writes to it: then {@link publishLocal} tells everything, and a stream
   * that is opened later begins with what stands there.
   */
  setRemote(on: boolean): void {
    if (on === this.#listening) return;
    this.#listening = on;
    for (const slot of this.#slots) slot.listen(on);
  }

  /** Tells what this process has just written, where the store is not watched. */
  publishLocal(id: Id, value: T | null): void {
    if (this.#listening) return;
    const watched = this.#watched.get(id);
    if (watched) ringAll(watched, value);
  }

  #open(id: Id): Watched<T> {
    const slot = this.#place();
    const watched = { key: this.#key(id), rings: new Set<OnChange<T>>(), slot, known: undefined };
    this.#slots.add(slot);
    this.#watched.set(id, watched);
    slot.add(watched);
    return watched;
  }

  /** A stream with a place; a new one as long as streams cost nothing, or where all are full. */
  #place(): WatchStream<T> {
    if (this.#slots.size >= this.#store.limits.streams) {
      for (const slot of this.#slots) if (slot.size < KEYS_PER_CALL) return slot;
    }
    return new WatchStream(this.#store, this.#listening);
  }

  /** Ends every watch. */
  close(): void {
    for (const slot of this.#slots) slot.close();
    this.#slots.clear();
    this.#watched.clear();
  }
}

/** One watch stream. It is opened anew when its set of keys changes, and its first answer leaves no hole between. */
class WatchStream<T> {
  readonly #watched = new Set<Watched<T>>();
  readonly #store: Store;
  #listening: boolean;
  #watching = new AbortController();

  constructor(store: Store, listening: boolean) {
    this.#store = store;
    this.#listening = listening;
  }

  get size(): number {
    return this.#watched.size;
  }

  listen(on: boolean): void {
    this.#listening = on;
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

  /** Keys that come in the same turn of the event loop share one opening. */
  #reopen(): void {
    this.#watching.abort();
    const { signal } = this.#watching = new AbortController();
    queueMicrotask(() => this.#open(signal));
  }

  async #open(signal: AbortSignal): Promise<void> {
    const watched = [...this.#watched];
    if (signal.aborted || watched.length === 0) return;
    try {
      if (!this.#listening) return await this.#ask(watched.filter(({ known }) => !known), signal);
      const keys = watched.map(({ key }) => key);
      await this.#store.watch(keys, signal, (index, value) => ringAll(watched[index]!, value));
    } catch (error) {
      if (!signal.aborted) broken.warn({}, error);
    }
    if (!signal.aborted) setTimeout(() => signal.aborted || this.#reopen(), REOPEN_MS);
  }

  /** Learns once what stands at keys that are new. */
  async #ask(watched: readonly Watched<T>[], signal: AbortSignal): Promise<void> {
    const found = await this.#store.getMany(watched.map(({ key }) => key));
    if (signal.aborted) return;
    // What was told meanwhile is newer.
    watched.forEach((one, index) => one.known || ringAll(one, found[index]!.value));
  }
}

function ringAll<T>(watched: Watched<T>, value: T | null): void {
  watched.known = { value };
  for (const ring of watched.rings) ring(value);
}
