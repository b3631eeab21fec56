/**
 * What forms share: refusals to show, and fields that several forms have.
 * @module
 */
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import type { Chat } from "@/lib/http/state.ts";
import { description, email, roomName } from "@/lib/model/schema/text.ts";
import type { Person } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";

/** A form that comes again within this time, in milliseconds, is a second press of the same button. */
export const PRESSED_AGAIN_MS = 60_000;
const NAMES_MAX = 100;
/** The result, or the refusal, for the form to show. */
export async function attempt<T>(act: () => Promise<T>): Promise<T | ChatError> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

/** The fields of a room's form. */
export const roomFields = z.object({ name: roomName, description });

/** An email address; null for an empty field. */
export const optionalEmail = z.string().trim().transform((text) => text || null).pipe(email.nullable());

/** Parses the fields of a form: their values, or the problem of each that is wrong. */
export async function checkFields<T>(
  schema: z.ZodType<T>,
  typed: unknown,
): Promise<{ readonly values: T } | { readonly problems: Readonly<Record<string, string>> }> {
  const parsed = await schema.safeParseAsync(typed);
  if (parsed.success) return { values: parsed.data };
  // The first problem of a field counts.
  const problems = parsed.error.issues.map(({ path, message }) => [String(path[0]), message] as const).reverse();
  return { problems: Object.fromEntries(problems) };
}

/** The sentence of the first issue. */
export function sentence(error: { readonly issues: readonly { readonly message: string }[] }): string {
  return error.issues[0]?.message ?? "";
}

/**
 * The people whose names a field holds, separated by commas.
 *
 * @throws {ChatError} `invalid`, with a sentence that says which names no account has.
 */
export async function peopleNamed({ accounts }: Chat, typed: string): Promise<readonly Person[]> {
  const names = typed.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (names.length > NAMES_MAX) throw new ChatError("invalid", `Enter at most ${NAMES_MAX} names.`);
  const { people, unknown } = await accounts.byNames(names);
  if (unknown.length > 0) throw new ChatError("invalid", t.people.nobodyCalled(unknown));
  return people;
}
