import type { Status } from "@/lib/model/person.ts";
import { fold, inNameOrder } from "@/lib/model/names.ts";
import type { Chat } from "@/lib/http/state.ts";
import type { Account } from "@/lib/model/account.ts";
import { peopleHere } from "./people_here.ts";

/** Somebody as a list shows them. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly guest: boolean;
  readonly picture: string | null;
  readonly admin: boolean;
  readonly disabled: boolean;
  /** Null for who is not here. */
  readonly state: Status["state"] | null;
}

/** What is asked for. */
export interface PeopleQuery {
  /** A part of a name; all where it is empty. */
  readonly query: string;
  /** The id of the last account of the page before. */
  readonly after?: string | undefined;
  /** Whether those who are disabled are listed, too. */
  readonly disabled: boolean;
}

/** A page of people. */
export interface PeoplePage {
  readonly accounts: readonly ListedPerson[];
  /** Those of the guests who are here. */
  readonly guests: readonly ListedPerson[];
  /** The id after which there are more accounts. */
  readonly next: string | undefined;
}

const PAGE = 100;
const READ_AT_ONCE = 200;

/** People whose name has these letters; those who are here first. */
export async function listPeople(chat: Chat, { query, after, disabled }: PeopleQuery): Promise<PeoplePage> {
  const here = peopleHere(chat), wanted = fold(query.trim());
  const { found, next } = await find(
    chat,
    after,
    (account) => (disabled || !account.disabled) && fold(account.name).includes(wanted),
  );
  const accounts = found.map((account) => ({
    id: account.id,
    name: account.name,
    guest: false,
    picture: account.avatar,
    admin: chat.sessions.isAdmin(account),
    disabled: account.disabled,
    state: here.get(account.id)?.state ?? null,
  }));
  const guests = here.values().flatMap(({ person, state }) =>
    person.guest && fold(person.name).includes(wanted)
      ? [{ ...person, picture: null, admin: false, disabled: false, state }]
      : []
  );
  return { accounts: accounts.sort(inOrder), guests: [...guests].sort(inOrder), next };
}

/** The first accounts after `after` that are wanted. */
async function find({ accounts }: Chat, after: string | undefined, wanted: (account: Account) => boolean) {
  const found: Account[] = [];
  for (let from = after;;) {
    const page = await accounts.list({ after: from, limit: READ_AT_ONCE });
    for (const account of page) {
      if (!wanted(account)) continue;
      if (found.length === PAGE) return { found, next: found.at(-1)?.id };
      found.push(account);
    }
    from = page.at(-1)?.id;
    if (page.length < READ_AT_ONCE) return { found, next: undefined };
  }
}

function inOrder(one: ListedPerson, other: ListedPerson): number {
  return Number(one.state === null) - Number(other.state === null) || inNameOrder(one.name, other.name);
}
