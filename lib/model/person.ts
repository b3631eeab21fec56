/**
 * People, as everyone may see them.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { person, present, status } from "@/lib/model/schema/person.ts";

/** A person: the account or guest behind a name. */
export type Person = Parsed<typeof person>;

/** A status that a person sets. */
export type Status = Parsed<typeof status>;

/** A person in a room; without a status they are online. */
export type Present = Parsed<typeof present>;
