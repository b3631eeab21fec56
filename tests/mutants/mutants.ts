/**
 * The log and the feed with one thing wrong in each. A simulation or a chaos that finds nothing wrong with them is worth
 * nothing.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { Feed } from "@/lib/live/feed.ts";
import type { Context } from "@/lib/store/log/append.ts";
import { Log, type OnCommit } from "@/lib/store/log/log.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import { around } from "@/tests/store/around.ts";

/** A class of the program with one thing wrong in it. */
export interface Mutant {
  readonly wrong: string;
  readonly Log?: typeof Log;
  readonly Feed?: typeof Feed;
  /** What the simulation's oracle says about it. */
  readonly simulation: RegExp;
  /** What the oracle of the chaos says about it; absent where it is left to the simulation. */
  readonly chaos?: RegExp;
}

type LogOptions = ConstructorParameters<typeof Log>;

/** A log over a store of which some calls do something else. */
function logOver(change: (store: LogStore, onCommit: OnCommit) => Partial<LogStore>): typeof Log {
  return class extends Log {
    constructor(...[store, onCommit, ...clocks]: LogOptions) {
      super(around(store, change(store, onCommit)), onCommit, ...clocks);
    }
  };
}

const DeliversEarly = logOver((store, onCommit) => ({
  commit(checks, mutations) {
    for (const mutation of mutations) {
      if (mutation.type !== "set" || mutation.key[0] !== "log") continue;
      const room = Number(mutation.key[1]);
      const head = mutations.find(({ key }) => key[0] === "head" && key[1] === room);
      if (head?.type !== "set") continue;
      for (const entry of keys.log.schema.parse(mutation.value)) {
        const { epoch, posts, at } = keys.head(room).schema.parse(head.value);
        if (entry.type === "post") onCommit(room, { epoch, seq: entry.seq, posts, at }, [entry]);
      }
    }
    return store.commit(checks, mutations);
  },
}));

const AcknowledgesEarly = logOver((store) => ({
  commit(checks, mutations) {
    store.commit(checks, mutations).catch(() => undefined);
    return Promise.resolve("early");
  },
}));

const ChecksNothing = logOver((store) => ({ commit: (_checks, mutations) => store.commit([], mutations) }));

const ReadsStale = logOver((store) => {
  const known = new Map<string, readonly { key: Deno.KvKey; value: unknown }[]>();
  return {
    async *list(range, options) {
      // The row of one entry.
      if (options?.limit !== 1) return yield* store.list(range, options);
      const name = JSON.stringify(range), before = known.get(name);
      const found = before ?? await Array.fromAsync(store.list(range, options));
      if (found.length > 0) known.set(name, found);
      for (const { key, value } of found) yield { key, value: range.schema.parse(value) };
    },
  };
});

class ForgetsNonces extends Log {
  override append(...[room, append]: Parameters<Log["append"]>): ReturnType<Log["append"]> {
    return super.append(room, { ...append, nonce: undefined });
  }
}

class IgnoresGuards extends Log {
  override append(...[room, append]: Parameters<Log["append"]>): ReturnType<Log["append"]> {
    return super.append(room, { ...append, guard: undefined });
  }
}

/** A log that shows its appends the room and the roles as they were when it first saw them. */
class DecidesByOldRights extends Log {
  readonly #first = new Map<number, Pick<Context, "room" | "roles">>();

  override append(...[id, append]: Parameters<Log["append"]>): ReturnType<Log["append"]> {
    return super.append(id, {
      ...append,
      build: (slot, context) => {
        const { room, roles } = this.#first.get(id) ?? context;
        this.#first.set(id, { room, roles: new Map(roles) });
        return append.build(slot, { ...context, room, roles });
      },
    });
  }
}

class AcceptsGaps extends Feed {
  readonly #onEntries: ConstructorParameters<typeof Feed>[3];

  constructor(...options: ConstructorParameters<typeof Feed>) {
    super(...options);
    this.#onEntries = options[3];
  }

  override offer(...[head, entries]: Parameters<Feed["offer"]>): void {
    if (entries[0]!.seq > this.head.seq + 1) this.#onEntries(entries);
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

class DoesNotWait extends Feed {
  override waitFor(): Promise<void> {
    return Promise.resolve();
  }
}

class IgnoresWatch extends Feed {
  override onHead(): void {}
}

/** All of them. */
export const mutants: readonly Mutant[] = [
  {
    wrong: "an entry is delivered before its commit",
    Log: DeliversEarly,
    simulation: /delivers \d+ of room \d before its commit/,
    chaos: /saw another entry|has another entry there|resumed after|was reset/,
  },
  {
    wrong: "a post is acknowledged before its commit",
    Log: AcknowledgesEarly,
    simulation: /acknowledged as \d+ of room \d before it was there|delivers \d+ of room \d before its commit/,
  },
  {
    wrong: "the nonce is forgotten",
    Log: ForgetsNonces,
    simulation: /is stored twice/,
    chaos: /is stored twice|was acknowledged as \d+ and as/,
  },
  {
    wrong: "the head is not checked",
    Log: ChecksNothing,
    simulation: /was written over|comes after/,
    chaos: /has another entry there|saw another entry|gets the error/,
  },
  {
    wrong: "a change is made to what a message was some time ago",
    Log: ReadsStale,
    simulation: /says something else|has changed in that|was written over/,
  },
  {
    wrong: "an append's guard is not checked",
    Log: IgnoresGuards,
    simulation: /posts \d+ although \w+ is out/,
  },
  {
    wrong: "an append is decided by rights of some time ago",
    Log: DecidesByOldRights,
    simulation: /posts \d+ although/,
  },
  {
    wrong: "a feed accepts a gap",
    Feed: AcceptsGaps,
    simulation: /sees \d+ of room \d after \d+/,
  },
  {
    wrong: "a feed ignores the watch",
    Feed: IgnoresWatch,
    simulation: /stays at \d+ of room \d|was reset/,
  },
  {
    wrong: "a reader that comes back gets an entry again",
    Feed: ResumesTooEarly,
    simulation: /sees (\d+) of room \d after \1\./,
  },
  {
    wrong: "a reader that comes back misses an entry",
    Feed: ResumesTooLate,
    simulation: /sees \d+ of room \d after \d+|stays at/,
    chaos: /a\d+ saw \d+ after|a\d+ stays at/,
  },
  {
    wrong: "a reader that was further at another instance is reset",
    Feed: DoesNotWait,
    simulation: /was reset/,
  },
];

/** The modules that put a mutant into a process of the program. */
export function overridesOf(mutant: Mutant): Readonly<Record<string, string>> {
  const of = (file: string) => new URL(`${file}?mutant=${mutants.indexOf(mutant)}`, import.meta.url).href;
  return { "@/lib/store/log/log.ts": of("./log.ts"), "@/lib/live/feed.ts": of("./feed.ts") };
}

/** The mutant in the address of a module that stands in for one of the program. */
export function mutantOf(url: string): Mutant {
  return mutants[Number(new URL(url).searchParams.get("mutant"))]!;
}
