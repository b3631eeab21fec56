import type { Person, Status } from "@/lib/model/person.ts";
import type { Chat } from "@/lib/http/state.ts";

/** Somebody who is here. */
export interface Here {
  readonly person: Person;
  readonly state: Status["state"];
}

/** Everybody who has a socket here, or is in a room at another instance, by id. Somebody is away who says so there. */
export function peopleHere({ hub }: Chat): Map<string, Here> {
  return hub.online.statuses();
}
