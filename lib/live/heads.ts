/**
 * Which rooms have more: `kv.watch` on the heads of the rooms that someone here looks at. A watch skips values under
 * load; it says that there is more, never what.
 * @module
 */
import { type Head } from "@/lib/chat/entries.ts";
import { keys } from "@/lib/store/keys.ts";
import { KEYS_A_CALL, type Store } from "@/lib/store/store.ts";

/** Called with where a room's log stands, and with null once the room is gone. */
export type Ring = (head: Head | null) => void;

const REOPEN_MS = 500;

/** Watches any number of rooms, {@link KEYS_A_CALL} a stream. */
export class Heads {
  readonly #store: Store;
  readonly #slots = new Set<Slot>();

  /** Nothing is opened before the first room. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** Watches a room until the returned function is called. The first ring tells where it stands now. */
  watch(room: number, ring: Ring): () => void {
    const slot = this.#place();
    this.#slots.add(slot);
    slot.add(room, ring);
    return () => {
      slot.remove(room);
      if (slot.rings.size === 0) this.#slots.delete(slot);
    };
  }

  /** A stream with a place; a new one as long as streams cost nothing, or where all are full. */
  #place(): Slot {
    if (this.#slots.size < this.#store.limits.streams) return new Slot(this.#store);
    for (const slot of this.#slots) if (slot.rings.size < KEYS_A_CALL) return slot;
    return new Slot(this.#store);
  }

  /** Ends every watch. */
  close(): void {
    for (const slot of this.#slots) slot.close();
    this.#slots.clear();
  }
}

/** One watch stream. It is opened anew when its set of rooms changes, and its first answer leaves no hole between. */
class Slot {
  readonly rings = new Map<number, Ring>();
  readonly #store: Store;
  #watching = new AbortController();

  constructor(store: Store) {
    this.#store = store;
  }

  add(room: number, ring: Ring): void {
    this.rings.set(room, ring);
    this.#reopen();
  }

  remove(room: number): void {
    this.rings.delete(room);
    this.#reopen();
  }

  close(): void {
    this.rings.clear();
    this.#watching.abort();
  }

  /** Rooms that come in the same turn of the event loop share one opening. */
  #reopen(): void {
    this.#watching.abort();
    const { signal } = this.#watching = new AbortController();
    queueMicrotask(() => this.#open(signal));
  }

  async #open(signal: AbortSignal): Promise<void> {
    const rooms = [...this.rings.keys()];
    if (signal.aborted || rooms.length === 0) return;
    try {
      const heads = rooms.map((room) => keys.head(room));
      await this.#store.watch(heads, signal, (index, head) => this.rings.get(rooms[index]!)?.(head));
    } catch (error) {
      if (!signal.aborted) console.error("A watch broke and is opened again:", error);
    }
    if (!signal.aborted) setTimeout(() => signal.aborted || this.#reopen(), REOPEN_MS);
  }
}
