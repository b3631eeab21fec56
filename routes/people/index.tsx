import { page } from "fresh";
import { Empty, Icon } from "@/components/icon.tsx";
import { Avatar, PersonName, PresenceDot } from "@/components/person.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { t } from "@/lib/ui/strings.ts";
import { isAdmin } from "@/lib/chat/policy.ts";
import { type Chat, define } from "@/lib/http/state.ts";
import { fold, inNameOrder } from "@/lib/model/names.ts";
import type { Status } from "@/lib/model/person.ts";

const PAGE = 100;

/** A person as the page lists them. */
interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly guest: boolean;
  readonly picture: string | null;
  readonly admin: boolean;
  readonly disabled: boolean;
  /** Null where offline. */
  readonly state: Status["state"] | null;
}

/** All accounts, and the guests who are online. */
export const handler = define.handlers({
  async GET({ url, state }) {
    const { chat, actor } = state;
    chat.permissions.requireBrowse(actor);
    state.title = t.room.pageTitle(t.people.title);
    const query = url.searchParams.get("q") ?? "", after = url.searchParams.get("after") ?? undefined;
    return page({ query, ...await listPeople(chat, query, after, isAdmin(actor)) });
  },
});

/** A page of the accounts and the guests online whose names contain `query`; those who are online come first. */
async function listPeople(
  { accounts, hub, sessions }: Chat,
  query: string,
  after: string | undefined,
  includesDisabled: boolean,
) {
  const online = hub.online.statuses(), wanted = fold(query.trim());
  const { found, next } = await accounts.search({ query, after, limit: PAGE, disabled: includesDisabled });
  const members = found.map((account): ListedPerson => {
    const { id, name, avatar: picture, disabled } = account, state = online.get(id)?.state ?? null;
    return { id, name, guest: false, picture, admin: sessions.isAdmin(account), disabled, state };
  });
  const guests = [...online.values()].filter(({ person }) => person.guest && fold(person.name).includes(wanted))
    .map(({ person, state }): ListedPerson => ({ ...person, picture: null, admin: false, disabled: false, state }));
  return { accounts: members.sort(inOrder), guests: guests.sort(inOrder), next };
}

function inOrder(one: ListedPerson, other: ListedPerson): number {
  return Number(one.state === null) - Number(other.state === null) || inNameOrder(one.name, other.name);
}

export default define.page<typeof handler>(function PeoplePage({ data: { query, accounts, guests, next } }) {
  return (
    <CardPage title={t.people.title} back={{ href: "/rooms", name: t.account.back }} wide>
      <form class="bar-field" method="get" action="/people" role="search">
        <input
          type="search"
          name="q"
          value={query}
          aria-label={t.people.find}
          placeholder={t.people.find}
          autocomplete="off"
          dir="auto"
        />
        <button type="submit" class="icon" aria-label={t.people.search} title={t.people.search}>
          <Icon name="search" />
        </button>
      </form>
      {accounts.length + guests.length === 0 && (
        <Empty icon="users" line={t.people.none}>
          <a class="button" href="/people">{t.people.everyone}</a>
        </Empty>
      )}
      <List heading={t.people.accounts} people={accounts} />
      {next !== undefined && (
        <p>
          <a class="button" href={`/people?${new URLSearchParams({ q: query, after: next })}`}>{t.people.more}</a>
        </p>
      )}
      <List heading={t.people.guests} people={guests} />
    </CardPage>
  );
});

function List({ heading, people }: { heading: string; people: readonly ListedPerson[] }) {
  if (people.length === 0) return null;
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="list people-list">
        {people.map((person) => (
          <li key={person.id}>
            <Avatar person={person} picture={person.picture} />
            <PersonName person={person} />
            {person.admin && <small class="tag">{t.people.admin}</small>}
            {person.disabled && <small class="tag">{t.people.disabled}</small>}
            <PresenceDot state={person.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
