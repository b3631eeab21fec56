/**
 * What stands for people: their picture, or else a letter on a colour.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { hueClass, initial } from "@/lib/ui/avatar.ts";
import { t } from "@/lib/ui/strings.ts";

/** How a person is drawn. */
export interface AvatarProps {
  readonly person: Pick<Person, "id" | "name">;
  /** Id of the picture's file, for who has one. */
  readonly picture?: string | null;
  readonly size?: "" | "lg" | "sm" | "xs";
}

/** One person; the name stands beside it. */
export function Avatar({ person, picture, size = "" }: AvatarProps) {
  // The address is of this one picture for ever: nothing of a build belongs to it.
  if (picture) return <img class={`av ${size}`} src={`/files/${picture}`} alt="" data-fresh-disable-lock />;
  return <span class={`av ${size} ${hueClass(person.id)}`} aria-hidden="true">{initial(person.name)}</span>;
}

/** The first three of those who are in a room, and how many they are. */
export function Faces(
  { people, pictures = {} }: { people: readonly Person[]; pictures?: Readonly<Record<string, string>> },
) {
  return (
    <span class="faces" role="img" aria-label={t.landing.online(people.length)} title={t.landing.online(people.length)}>
      {people.slice(0, 3).map((person) => (
        <Avatar key={person.id} person={person} picture={pictures[person.id]} size="xs" />
      ))}
      <span class="number" aria-hidden="true">{t.number(people.length)}</span>
    </span>
  );
}

/** The place's own mark. */
export function Mark({ big = false }: { big?: boolean }) {
  return <span class={big ? "mark big" : "mark"} aria-hidden="true">{t.place.slice(0, 1)}</span>;
}
