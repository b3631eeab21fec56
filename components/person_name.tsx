import type { Person } from "@/lib/model/person.ts";
import { personAddress } from "@/lib/ui/addresses.ts";

/** A person's name in a list, which leads to the profile of an account. */
export function PersonName({ person: { name, guest } }: { person: Pick<Person, "name" | "guest"> }) {
  return <bdi>{guest ? name : <a href={personAddress(name)}>{name}</a>}</bdi>;
}
