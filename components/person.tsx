/**
 * People: avatars, names and presence.
 * @module
 */
import type { Person, Status } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";
import { personAddress } from "@/lib/ui/addresses.ts";

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
  const [initial = "?"] = person.name;
  return <span class={`av ${size} ${hueClass(person.id)}`} aria-hidden="true">{initial.toLocaleUpperCase()}</span>;
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

/** A person's name in a list, which leads to the profile of an account. */
export function PersonName({ person: { name, guest } }: { person: Pick<Person, "name" | "guest"> }) {
  return <bdi>{guest ? name : <a href={personAddress(name)}>{name}</a>}</bdi>;
}

/** A dot and a word for someone's presence; `state` is null offline. */
export function PresenceDot({ state }: { state: Status["state"] | null }) {
  const words = state === null ? t.people.offline : state === "away" ? t.people.away : t.people.online;
  return (
    <span class="presence">
      <span class={state === null ? "dot" : state === "away" ? "dot wait" : "dot on"} /> {words}
    </span>
  );
}

/** How many hues the stylesheet has, as `.hue-0` and on. */
const HUES = 24;

/** The class of a person's colour, which is a hash of their id. */
function hueClass(id: string): string {
  let hash = 2_166_136_261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619);
  return `hue-${(hash >>> 8) % HUES}`;
}
