/**
 * Keys that ring: `kv.watch` on the heads of the rooms that someone here looks at, and on the bells of the people who are
 * here. A watch skips values under load; it says that there is more, never what.
 * @module
 */
import type { Key } from "@/lib/store/keys.ts";
import { KEYS_A_CALL, type Store } from "@/lib/store/store.ts";

/** Called with what stands at a key now, and null where nothing does. */
export type Ring<T> = (value: T | null) => void;

interface Watched<T> {
  readonly rings: Set<Ring<T>>;
  readonly slot: Slot<T>;
}

const REOPEN_MS = 500;

/** Watches any number of keys of one kind, {@link KEYS_A_CALL} a stream. A key is watched once, however many listen. */
export class Watches<Id extends string | number, T> {
  readonly #store: Store;
  readonly #key: (id: Id) => Key<T>;
  readonly #slots = new Set<Slot<T>>();
  readonly #watched = new Map<Id, Watched<T>>();

  /**
   * Nothing is opened before the first watch.
   *
   * @param key The key of an id.
   */
  constructor(store: Store, key: (id: Id) => Key<T>) {
    this.#store = store;
    this.#key = key;
  }

  /** Calls `ring` until the returned function is called. The first ring tells what stands there now. */
  watch(id: Id, ring: Ring<T>): () => void {
    const watched = this.#watched.get(id) ?? this.#open(id);
    watched.rings.add(ring);
    const known = watched.slot.known(watched);
    if (known) queueMicrotask(() => watched.rings.has(ring) && ring(known.value));
    return () => {
      if (!watched.rings.delete(ring) || watched.rings.size > 0) return;
      this.#watched.delete(id);
      watched.slot.remove(watched);
      if (watched.slot.size === 0) this.#slots.delete(watched.slot);
    };
  }

  #open(id: Id): Watched<T> {
    const slot = this.#place(), watched = { rings: new Set<Ring<T>>(), slot };
    this.#slots.add(slot);
    this.#watched.set(id, watched);
    slot.add(watched, this.#key(id));
    return watched;
  }

  /** A stream with a place; a new one as long as streams cost nothing, or where all are full. */
  #place(): Slot<T> {
    if (this.#slots.size < this.#store.limits.streams) return new Slot(this.#store);
    for (const slot of this.#slots) if (slot.size < KEYS_A_CALL) return slot;
    return new Slot(this.#store);
  }

  /** Ends every watch. */
  close(): void {
    for (const slot of this.#slots) slot.close();
    this.#slots.clear();
    this.#watched.clear();
  }
}

/** One watch stream. It is opened anew when its set of keys changes, and its first answer leaves no hole between. */
class Slot<T> {
  readonly #keys = new Map<Watched<T>, Key<T>>();
  readonly #known = new Map<Watched<T>, { readonly value: T | null }>();
  readonly #store: Store;
  #watching = new AbortController();

  constructor(store: Store) {
    this.#store = store;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** What the stream last told of a key, or undefined before it has. */
  known(watched: Watched<T>): { readonly value: T | null } | undefined {
    return this.#known.get(watched);
  }

  add(watched: Watched<T>, key: Key<T>): void {
    this.#keys.set(watched, key);
    this.#reopen();
  }

  remove(watched: Watched<T>): void {
    this.#keys.delete(watched);
    this.#known.delete(watched);
    this.#reopen();
  }

  close(): void {
    this.#keys.clear();
    this.#watching.abort();
  }

  /** Keys that come in the same turn of the event loop share one opening. */
  #reopen(): void {
    this.#watching.abort();
    const { signal } = this.#watching = new AbortController();
    queueMicrotask(() => this.#open(signal));
  }

  async #open(signal: AbortSignal): Promise<void> {
    const watched = [...this.#keys.keys()];
    if (signal.aborted || watched.length === 0) return;
    try {
      await this.#store.watch([...this.#keys.values()], signal, (index, value) => {
        this.#known.set(watched[index]!, { value });
        for (const ring of watched[index]!.rings) ring(value);
      });
    } catch (error) {
      if (!signal.aborted) console.error("A watch broke and is opened again:", error);
    }
    if (!signal.aborted) setTimeout(() => signal.aborted || this.#reopen(), REOPEN_MS);
  }
}
