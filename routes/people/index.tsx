import { page } from "fresh";
import { Empty } from "@/components/empty.tsx";
import { Avatar } from "@/components/avatar.tsx";
import { PersonName } from "@/components/person_name.tsx";
import { Icon } from "@/components/icon.tsx";
import { PresenceDot } from "@/components/presence_dot.tsx";
import { CardPage } from "@/components/card_page.tsx";
import { t } from "@/lib/ui/strings.ts";
import { isAdmin } from "@/lib/chat/policy.ts";
import { define } from "@/lib/http/state.ts";
import { type ListedPerson, listPeople } from "../(_pages)/people_list.ts";

/** Everybody with an account, and the guests who are here now. */
export const handler = define.handlers({
  async GET({ url, state }) {
    const { chat, actor } = state;
    chat.policy.browse(actor);
    state.title = t.room.pageTitle(t.people.title);
    const query = url.searchParams.get("q") ?? "", after = url.searchParams.get("after") ?? undefined;
    return page({ query, ...await listPeople(chat, { query, after, disabled: isAdmin(actor) }) });
  },
});

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
