import type { Person, Status } from "@/lib/model/person.ts";
import type { Chat } from "@/lib/http/state.ts";

/** Somebody who is here. */
export interface Here {
  readonly person: Person;
  readonly state: Status["state"];
}

/** Everybody who has a socket here, or is in a room at another instance, by id. Somebody is away who says so there. */
export function peopleHere({ hub }: Chat): Map<string, Here> {
  const here = new Map<string, Here>(), rooms = new Set<number>();
  for (const { status, ...person } of hub.cluster.everybodyElsewhere()) {
    here.set(person.id, { person, state: status?.state ?? "online" });
  }
  for (const { actor, subscriptions } of hub.connections) {
    if (actor) here.set(actor.person.id, { person: actor.person, state: "online" });
    for (const room of subscriptions.keys()) rooms.add(room);
  }
  for (const room of rooms) {
    for (const { status, ...person } of hub.people(room)) {
      if (status && here.has(person.id)) here.set(person.id, { person, state: status.state });
    }
  }
  return here;
}
