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
    let slot = [...this.#slots].find((slot) => slot.rings.size < KEYS_A_CALL);
    if (!slot) this.#slots.add(slot = new Slot(this.#store));
    slot.add(room, ring);
    return () => {
      slot.remove(room);
      if (slot.rings.size === 0) this.#slots.delete(slot);
    };
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
  #reader: ReadableStreamDefaultReader<unknown> | undefined;
  #turn = 0;

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
    this.#turn++;
    this.#cancel();
  }

  /** Rooms that come in the same turn of the event loop share one opening. */
  #reopen(): void {
    const turn = ++this.#turn;
    queueMicrotask(() => {
      if (turn === this.#turn) this.#open(turn);
    });
  }

  async #open(turn: number): Promise<void> {
    this.#cancel();
    const rooms = [...this.rings.keys()];
    if (rooms.length === 0) return;
    try {
      const reader = this.#reader = this.#store.watch(rooms.map((room) => keys.head(room))).getReader();
      while (turn === this.#turn) {
        const { done, value } = await reader.read();
        if (done || turn !== this.#turn) break;
        value.forEach(({ value: head }, index) => this.rings.get(rooms[index]!)?.(head));
      }
    } catch (error) {
      if (turn === this.#turn) console.error("A watch broke and is opened again:", error);
    }
    if (turn === this.#turn) setTimeout(() => turn === this.#turn && this.#reopen(), REOPEN_MS);
  }

  #cancel(): void {
    // A stream that broke by itself has told its reader so already.
    this.#reader?.cancel().catch(() => undefined);
    this.#reader = undefined;
  }
}
