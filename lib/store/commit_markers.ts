/**
 * Commit markers: whether a commit has taken effect. Over a network the runtime sends a commit to a `denokv` server again when its
 * answer was lost, and the checks of the second one fail because of the first. So each commit with checks leaves a number
 * of its own under a key of this process, which distinguishes the two cases.
 * @module
 */
import { type Mutation, put, type Versioned } from "@/lib/store/commit.ts";
import type { Key } from "@/lib/store/key.ts";
import { COMMIT_MARKER_TTL, keys } from "@/lib/store/keys.ts";

/** What one commit leaves. */
export interface CommitMarker {
  readonly place: number;
  readonly number: number;
}

/** The commit markers of one process. */
export class CommitMarkers {
  readonly #process = crypto.randomUUID().slice(0, 13);
  readonly #free: number[] = [];
  #places = 0;
  #last = 0;

  /** A marker at a place where no other commit leaves one meanwhile. */
  take(): CommitMarker {
    return { place: this.#free.pop() ?? this.#places++, number: ++this.#last };
  }

  /** Gives its place to others. */
  release({ place }: CommitMarker): void {
    this.#free.push(place);
  }

  /** What a commit has to write. */
  mutation({ place, number }: CommitMarker): Mutation {
    return put(keys.commitMarker(this.#process, place), number, COMMIT_MARKER_TTL);
  }

  /** The version that the marker's commit has given, or null where that hasn't taken effect. */
  async versionOf(
    read: (key: Key<number>) => Promise<Versioned<number>>,
    { place, number }: CommitMarker,
  ): Promise<string | null> {
    const { value, versionstamp } = await read(keys.commitMarker(this.#process, place));
    return value === number ? versionstamp : null;
  }
}
