/**
 * Instances with one thing wrong in each. A simulation that finds nothing wrong with them is worth nothing.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { Feed } from "@/lib/live/feed.ts";
import { Log } from "@/lib/store/log/log.ts";
import { type Parts, sound } from "@/tests/simulation/instance.ts";
import { around } from "@/tests/store/around.ts";

class ForgetsNonces extends Log {
  override append(...[room, draft]: Parameters<Log["append"]>): ReturnType<Log["append"]> {
    return super.append(room, { ...draft, nonce: undefined });
  }
}

class AcceptsGaps extends Feed {
  readonly #tell: ConstructorParameters<typeof Feed>[3];

  constructor(...given: ConstructorParameters<typeof Feed>) {
    super(...given);
    this.#tell = given[3];
  }

  override offer(...[head, entries]: Parameters<Feed["offer"]>): void {
    if (entries[0]!.seq > this.head.seq + 1) this.#tell(entries);
    else super.offer(head, entries);
  }
}

class ResumesTooEarly extends Feed {
  override since(seq: number): ReturnType<Feed["since"]> {
    return super.since(Math.max(0, seq - 1));
  }
}

class ResumesTooLate extends Feed {
  override since(seq: number): ReturnType<Feed["since"]> {
    return super.since(seq + 1);
  }
}

class DoesNotReach extends Feed {
  override waitFor(): Promise<void> {
    return Promise.resolve();
  }
}

class IsDeaf extends Feed {
  override onHead(): void {}
}

/** What is wrong, how it is done, and what the witness says about it. */
export const mutants: readonly { readonly wrong: string; readonly parts: Parts; readonly found: RegExp }[] = [
  {
    wrong: "an entry is delivered before its commit",
    parts: {
      ...sound,
      store: (store, offer) =>
        around(store, {
          commit(checks, mutations) {
            for (const change of mutations) {
              if (change.type !== "set" || change.key[0] !== "log") continue;
              const room = Number(change.key[1]);
              for (const entry of keys.log.schema.parse(change.value)) {
                if (entry.type === "post") offer(room, { epoch: "", seq: entry.seq, posts: 0, at: 0 }, [entry]);
              }
            }
            return store.commit(checks, mutations);
          },
        }),
    },
    found: /delivers \d+ of room \d before its commit/,
  },
  {
    wrong: "a post is acknowledged before its commit",
    parts: {
      ...sound,
      store: (store) =>
        around(store, {
          commit(checks, mutations) {
            store.commit(checks, mutations).catch(() => undefined);
            return Promise.resolve("early");
          },
        }),
    },
    found: /acknowledged as \d+ of room \d before it was there|delivers \d+ of room \d before its commit/,
  },
  {
    wrong: "the nonce is forgotten",
    parts: { ...sound, Log: ForgetsNonces },
    found: /is stored twice/,
  },
  {
    wrong: "the head is not checked",
    parts: { ...sound, store: (store) => around(store, { commit: (_checks, changes) => store.commit([], changes) }) },
    found: /was written over|comes after/,
  },
  {
    wrong: "a change is made to what a message was some time ago",
    parts: {
      ...sound,
      store(store) {
        const known = new Map<string, readonly { key: Deno.KvKey; value: unknown }[]>();
        return around(store, {
          async *list(range, options) {
            // The row of one entry.
            if (options?.limit !== 1) return yield* store.list(range, options);
            const name = JSON.stringify(range), before = known.get(name);
            const found = before ?? await Array.fromAsync(store.list(range, options));
            if (found.length > 0) known.set(name, found);
            for (const { key, value } of found) yield { key, value: range.schema.parse(value) };
          },
        });
      },
    },
    found: /says something else|has changed in that|was written over/,
  },
  {
    wrong: "a feed accepts a gap",
    parts: { ...sound, Feed: AcceptsGaps },
    found: /sees \d+ of room \d after \d+/,
  },
  {
    wrong: "a feed does not hear the watch",
    parts: { ...sound, Feed: IsDeaf },
    found: /stays at \d+ of room \d|must begin anew/,
  },
  {
    wrong: "who comes back gets one entry again",
    parts: { ...sound, Feed: ResumesTooEarly },
    found: /sees (\d+) of room \d after \1\./,
  },
  {
    wrong: "who comes back misses one entry",
    parts: { ...sound, Feed: ResumesTooLate },
    found: /sees \d+ of room \d after \d+|stays at/,
  },
  {
    wrong: "who was further elsewhere begins anew",
    parts: { ...sound, Feed: DoesNotReach },
    found: /must begin anew/,
  },
];
