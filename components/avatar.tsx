/**
 * What stands for people: a letter on a colour.
 * @module
 */
import type { Person } from "@/lib/chat/entries.ts";
import { hueClass, initial } from "@/lib/client/avatar.ts";
import { t } from "@/lib/client/strings.ts";

/** One person; the name stands beside it. */
export function Avatar({ person, size = "" }: { person: Pick<Person, "id" | "name">; size?: "" | "sm" | "xs" }) {
  return <span class={`av ${size} ${hueClass(person.id)}`} aria-hidden="true">{initial(person.name)}</span>;
}

/** The first three of those who are in a room, and how many they are. */
export function Faces({ people }: { people: readonly Person[] }) {
  return (
    <span class="faces" role="img" aria-label={t.door.online(people.length)} title={t.door.online(people.length)}>
      {people.slice(0, 3).map((person) => <Avatar key={person.id} person={person} size="xs" />)}
      <span class="number" aria-hidden="true">{t.number(people.length)}</span>
    </span>
  );
}

/** The place's own mark. */
export function Mark({ big = false }: { big?: boolean }) {
  return <span class={big ? "mark big" : "mark"} aria-hidden="true">{t.place.slice(0, 1)}</span>;
}
