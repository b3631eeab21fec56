/**
 * Mentions: `@name` in a message, for people with an account who may read it there.
 * @module
 */
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { fold } from "@/lib/model/names.ts";
import { USERNAME_MAX } from "@/lib/model/limits.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Accounts that one message mentions, at most. */
export const MENTIONS_MAX = 20;
/** What each of them costs. */
export const MUTATIONS_PER_MENTION = 2;
/** A name has spaces inside, so up to so many words after an `@` are tried. */
const WORDS_MAX = 4;

const AT = /(?<![\p{L}\p{N}_.@-])@([\p{L}\p{N}\p{M}_.\-]+(?: [\p{L}\p{N}\p{M}_.\-]+)*)/gu;

/** Who is named in messages. */
export class Mentions {
  readonly #store: Store;

  /** Reads names and memberships from the store. */
  constructor(store: Store) {
    this.#store = store;
  }

  /** Ids of the accounts that a message of `by` names and that may read the room, each once. */
  async in(room: Room, content: string, by: Person): Promise<string[]> {
    const candidates = [...new Set([...content.matchAll(AT)].slice(0, MENTIONS_MAX).map(([, words]) => words!))]
      .map(namesIn);
    const names = [...new Set(candidates.flat())];
    const found = await this.#store.getMany(names.map((name) => keys.accountByName(name)));
    const ids = new Map(names.map((name, index) => [name, found[index]!.value]));
    // The longest name that somebody has: "@Ann Lee" is Ann Lee, where there is one, and else Ann.
    const named = candidates.flatMap((tried) => tried.map((name) => ids.get(name)).find((id) => id) ?? []);
    const others = [...new Set(named)].filter((id) => id !== by.id);
    const members = await this.#store.getMany(others.map((id) => keys.member(room.id, id)));
    return others.filter((_, index) => {
      const role = members[index]!.value?.role;
      return role ? role !== "banned" : room.kind === "public";
    });
  }

  /** What a message leaves for those whom it names. */
  marks(room: Room, seq: number, accounts: readonly string[]): Mutation[] {
    return accounts.flatMap((account) => [put(keys.mention(account, room.id, seq), true), notify(account)]);
  }

  /** Takes that away again. */
  unmarks(room: Room, seq: number, accounts: readonly string[]): Mutation[] {
    return accounts.flatMap((account) => [remove(keys.mention(account, room.id, seq)), notify(account)]);
  }

  /** The unread messages of a room that name this account, by `seq`. */
  async unread(account: string, room: number): Promise<number[]> {
    const seqs: number[] = [];
    for await (const { key } of this.#store.list(keys.mention.under(account, room))) seqs.push(Number(key.at(-1)));
    return seqs;
  }
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
