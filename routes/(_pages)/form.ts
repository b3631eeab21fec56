/**
 * The fields of a form that a page sent.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { isForm, readForm } from "@/lib/http/api.ts";

/** Gives a field's text, or "" where the form has none. */
export type Fields = (name: string) => string;

/**
 * Reads a form.
 *
 * @throws {ChatError} `too_large`, or `invalid` for a body that is no form.
 */
export async function readFields(request: Request): Promise<Fields> {
  if (!isForm(request)) throw new ChatError("invalid", "The body is not a form.");
  const form = await readForm(request);
  return (name) => form.get(name) ?? "";
}

/** The sentence of the first thing that was wrong. */
export function sentence(error: { readonly issues: readonly { readonly message: string }[] }): string {
  return error.issues[0]?.message ?? "";
}
