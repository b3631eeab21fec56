import { Avatar, PersonName } from "@/components/person.tsx";
import { IconLink } from "@/components/icon.tsx";
import type { Present } from "@/lib/model/person.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { type PageStore, useRoom } from "@/lib/client/page_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** The people in the room: those online, then those away. */
export default function People({ context, snapshot }: { context: PageContext; snapshot: RoomSnapshot }) {
  const { page, room } = useRoom(context, snapshot);
  const people = room.people.value;
  const away = people.filter(isAway), here = people.filter((person) => !isAway(person));
  return (
    <aside class="people" id="people" aria-label={t.people.title}>
      <IconLink name="x" label={t.room.closePeople} href="#timeline" class="close" />
      <h2>{t.room.here(here.length)}</h2>
      {people.length === 0 && <p>{t.room.nobody}</p>}
      <List page={page} people={here} dot="dot on" />
      {away.length > 0 && (
        <>
          <h2>{t.room.away(away.length)}</h2>
          <List page={page} people={away} dot="dot" />
        </>
      )}
    </aside>
  );
}

function isAway({ status }: Present): boolean {
  return status?.state === "away";
}

function List({ page, people, dot }: { page: PageStore; people: readonly Present[]; dot: string }) {
  const me = page.user.value?.id;
  return (
    <ul>
      {people.map((person) => (
        <li key={person.id} class="item" data-person={person.name}>
          <Avatar person={person} picture={page.context.pictures[person.id]} size="sm" />
          <PersonName person={person} />
          {person.id === me && <small>{t.room.you}</small>}
          <span class={dot} />
        </li>
      ))}
    </ul>
  );
}
