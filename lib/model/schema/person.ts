/**
 * Schemas of people.
 * @module
 */
import { z } from "zod";

/** A person as everyone may see them. */
export const person = z.object({
  /** 24 lower-case hex characters, time-ordered. A guest's lasts as long as the cookie or token that holds the name. */
  id: z.string(),
  name: z.string(),
  guest: z.boolean(),
});

/** A status that a person sets. */
export const status = z.object({ state: z.enum(["online", "away", "busy"]), text: z.string() });

/** A person in a room; without a status they are online. */
export const present = person.extend({ status: status.optional() });
