/**
 * The fields of a form that a page sent.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { BODY_MAX, readBody } from "@/lib/http/api.ts";

/** Gives a field's text, or "" where the form has none. */
export type Fields = (name: string) => string;

/**
 * Reads a form.
 *
 * @throws {ChatError} `too_large`, or `invalid` for a body that is no form.
 */
export async function readFields(request: Request): Promise<Fields> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) throw new ChatError("invalid", "The body is not a form.");
  const form = new URLSearchParams(new TextDecoder().decode(await readBody(request, BODY_MAX)));
  return (name) => form.get(name) ?? "";
}

/** The sentence of the first thing that was wrong. */
export function sentence(error: { readonly issues: readonly { readonly message: string }[] }): string {
  return error.issues[0]?.message ?? "";
}
