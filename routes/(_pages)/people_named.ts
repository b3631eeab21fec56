/**
 * From names that somebody typed to the people who have them.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import { username } from "@/lib/model/schema/text.ts";
import { t } from "@/lib/ui/strings.ts";
import type { Chat } from "@/lib/http/state.ts";

const NAMES_MAX = 100;

/**
 * The people with these names, which have commas between them.
 *
 * @throws {ChatError} `invalid`, with a sentence that says whom nobody knows.
 */
export async function peopleNamed({ accounts }: Chat, typed: string): Promise<Person[]> {
  const names = typed.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (names.length > NAMES_MAX) throw new ChatError("invalid", `Name at most ${NAMES_MAX} people at once.`);
  const people = new Map<string, Person>(), unknown: string[] = [];
  for (const typed of names) {
    const name = username.safeParse(typed);
    const account = name.success ? await accounts.named(name.data) : null;
    if (!account || account.disabled) unknown.push(typed);
    else people.set(account.id, { id: account.id, name: account.name, guest: false });
  }
  if (unknown.length > 0) throw new ChatError("invalid", t.people.nobodyCalled(unknown));
  return [...people.values()];
}
