import { useEffect, useState } from "preact/hooks";
import { Avatar } from "@/components/avatar.tsx";
import { Icon } from "@/components/icon.tsx";
import { live, type RoomSeed, type Visit } from "@/lib/client/live.ts";
import { t } from "@/lib/client/strings.ts";

/** Who is in the room now. */
export default function People({ visit, seed }: { visit: Visit; seed: RoomSeed }) {
  const [{ page, room }] = useState(() => {
    const page = live(visit);
    return { page, room: page.room(seed) };
  });
  useEffect(() => page.start(), []);
  const people = room.people.value, me = page.user.value?.id;
  return (
    <aside class="people" id="people" aria-label={t.room.people}>
      <a class="icon close" href="#timeline" aria-label={t.room.closePeople} title={t.room.closePeople}>
        <Icon name="x" />
      </a>
      <h2>{t.room.here(people.length)}</h2>
      {people.length === 0 && <p>{t.room.nobody}</p>}
      <ul>
        {people.map((person) => (
          <li key={person.id} class="item" data-person={person.name}>
            <Avatar person={person} size="sm" />
            <bdi>{person.name}</bdi>
            {person.id === me && <small>{t.room.you}</small>}
            <span class="dot on" />
          </li>
        ))}
      </ul>
    </aside>
  );
}
