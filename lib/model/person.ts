/**
 * People, as everyone may see them.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { person, present, status } from "@/lib/model/schema/person.ts";

/** A person: the account or guest behind a name. */
export type Person = Immutable<z.infer<typeof person>>;

/** A status that a person sets. */
export type Status = Immutable<z.infer<typeof status>>;

/** A person in a room; without a status they are online. */
export type Present = Immutable<z.infer<typeof present>>;
