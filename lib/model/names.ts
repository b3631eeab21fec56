/**
 * When two names are the same name, and which comes first.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";

const ASCII = /^\p{ASCII}*$/u;

/** The form in which names are compared: without regard to case, width and composition. */
export function fold(name: string): string {
  // Most names are ASCII, and this is asked for every message.
  if (ASCII.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Which of two names comes first in a list: less than 0 for the one. */
export const inNameOrder = new Intl.Collator("en", { numeric: true }).compare;

/** The author of a nonce: an account's id, or a guest's name, since guests with one name share their nonces. */
export function nonceAuthor(person: Person): string {
  return person.guest ? `~${fold(person.name)}` : person.id;
}
