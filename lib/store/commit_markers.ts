/**
 * Whether a commit has happened, told by the store itself. Whoever speaks to a `denokv` server over a network sends a
 * commit again when its answer was lost; the checks of the second one fail because of the first. So each commit with
 * checks leaves a number of its own under a key of this process, which tells the two cases apart.
 * @module
 */
import { COMMIT_MARKER_TTL, keys } from "@/lib/store/keys.ts";
import { type Mutation, put, type Store } from "@/lib/store/kv.ts";

/** What one commit leaves. */
export interface CommitMarker {
  readonly place: number;
  readonly number: number;
}

/** The receipts of one process. */
export class CommitMarkers {
  readonly #process = crypto.randomUUID().slice(0, 13);
  readonly #free: number[] = [];
  #places = 0;
  #last = 0;

  /** A receipt at a place where no other commit leaves one meanwhile. */
  take(): CommitMarker {
    return { place: this.#free.pop() ?? this.#places++, number: ++this.#last };
  }

  /** Gives its place to others. */
  release({ place }: CommitMarker): void {
    this.#free.push(place);
  }

  /** What a commit has to write. */
  mutation({ place, number }: CommitMarker): Mutation {
    return put(keys.receipt(this.#process, place), number, COMMIT_MARKER_TTL);
  }

  /** The version that the receipt's commit has given, or null where it has not happened. */
  async versionOf(store: Store, { place, number }: CommitMarker): Promise<string | null> {
    const { value, versionstamp } = await store.get(keys.receipt(this.#process, place));
    return value === number ? versionstamp : null;
  }
}
