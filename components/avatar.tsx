/**
 * Avatars: a picture, or an initial on a colour.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { hueClass, initial } from "@/lib/ui/avatar.ts";
import { t } from "@/lib/ui/strings.ts";

interface AvatarProps {
  readonly person: Pick<Person, "id" | "name">;
  /** Id of the picture's file, if there is one. */
  readonly picture?: string | null;
  readonly size?: "" | "lg" | "sm" | "xs";
}

/** An avatar. Screen readers skip it, as the name is beside it. */
export function Avatar({ person, picture, size = "" }: AvatarProps) {
  // The file never changes, so its address has no build id.
  if (picture) return <img class={`av ${size}`} src={`/files/${picture}`} alt="" data-fresh-disable-lock />;
  return <span class={`av ${size} ${hueClass(person.id)}`} aria-hidden="true">{initial(person.name)}</span>;
}

/** The avatars of up to three people, and how many people there are. */
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

/** The logo. */
export function Mark({ big = false }: { big?: boolean }) {
  return <span class={big ? "mark big" : "mark"} aria-hidden="true">{t.place.slice(0, 1)}</span>;
}
