/**
 * Mentions: `@name` in a message, for people with an account who may read it there.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";
import { USERNAME_MAX } from "@/lib/model/limits.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Key } from "@/lib/store/key.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Accounts that one message mentions, at most. */
export const MENTIONS_MAX = 20;
/** Mentions of one account in one room that are kept, the newest: people see "99+". */
const MENTIONS_KEPT = 100;
/** What each mention costs. */
export const MUTATIONS_PER_MENTION = 2;
/** A name has spaces inside, so up to so many words after an `@` are tried. */
const WORDS_MAX = 4;

const NOBODY: readonly string[] = [];

const AT = /(?<![\p{L}\p{N}_.@-])@([\p{L}\p{N}\p{M}_.\-]+(?: [\p{L}\p{N}\p{M}_.\-]+)*)/gu;

/** Finds the accounts that messages name. */
export class Mentions {
  /** The last lookup under way for each person in each room. */
  readonly #lookups = new Map<string, Promise<void>>();

  /** Reads names from a store. */
  constructor(private readonly store: Store) {}

  /**
   * Ids of the accounts that a message of `by` names, each once, whether they can read it or not: at once where there's
   * nothing to look up, and otherwise in the order of the calls, so that what a person posts to a room stays in order.
   */
  named(room: number, content: string, by: Person): readonly string[] | Promise<readonly string[]> {
    const hasNames = content.includes("@");
    if (!hasNames && this.#lookups.size === 0) return NOBODY;
    const place = `${room} ${by.id}`, before = this.#lookups.get(place);
    if (!before && !hasNames) return NOBODY;
    const lookup = Promise.all([hasNames ? this.#find(content, by) : [], before]).then(([ids]) => ids);
    const forget = () => void (this.#lookups.get(place) === done && this.#lookups.delete(place));
    const done: Promise<void> = lookup.then(forget, forget);
    this.#lookups.set(place, done);
    return lookup;
  }

  async #find(content: string, by: Person): Promise<readonly string[]> {
    const candidates = [...new Set([...content.matchAll(AT)].slice(0, MENTIONS_MAX).map(([, words]) => words!))]
      .map(namesIn);
    const names = [...new Set(candidates.flat())];
    const found = await this.store.getMany(names.map((name) => keys.accountByName(name)));
    const ids = new Map(names.map((name, index) => [name, found[index]!.value]));
    // The longest name that an account has: "@Ann Lee" is Ann Lee where there is one, or else Ann.
    const named = candidates.flatMap((tried) => tried.map((name) => ids.get(name)).find((id) => id) ?? []);
    return [...new Set(named)].filter((id) => id !== by.id);
  }
}

/** What an append of a message reads that mentions these accounts: what mentions them already. */
export function mentionKeys(room: number, accounts: readonly string[]): Key<readonly number[]>[] {
  return accounts.map((account) => keys.mentions(account, room));
}

/**
 * Notes that the message at `seq` mentions these accounts, or no longer does, and notifies them.
 *
 * @param values What stands at {@link mentionKeys}.
 */
export function mentionMutations(
  room: number,
  accounts: readonly string[],
  values: readonly unknown[],
  seq: number,
  on: boolean,
): Mutation[] {
  return mentionKeys(room, accounts).flatMap((key, index) => {
    const others = (key.schema.nullable().parse(values[index] ?? null) ?? []).filter((one) => one !== seq);
    const seqs = on ? [...others, seq].slice(-MENTIONS_KEPT) : others;
    return [seqs.length > 0 ? put(key, seqs) : remove(key), notify(accounts[index]!)];
  });
}

/** The names that words after an `@` may be, folded, the longest first; a dot or dash at the end may be the sentence's. */
function namesIn(words: string): string[] {
  const parts = words.split(" ").slice(0, WORDS_MAX);
  const names: string[] = [];
  for (let count = parts.length; count > 0; count--) {
    const name = parts.slice(0, count).join(" ");
    for (const text of new Set([name, name.replace(/[.\-_]+$/, "")])) {
      if (text !== "" && text.length <= 2 * USERNAME_MAX) names.push(fold(text));
    }
  }
  return names;
}
