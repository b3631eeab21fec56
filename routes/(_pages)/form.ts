/**
 * What a page's form sent, and what came of it.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { isForm, readBody, readForm } from "@/lib/http/api.ts";

/** Gives a field's text, or "" where the form has none. */
export type Fields = (name: string) => string;

/** What a form with a file in it has beside the file. */
const REST_MAX = 16 * 1024;

/**
 * Reads a form.
 *
 * @throws {ChatError} `too_large`, or `invalid` for a body that is no form.
 */
export async function readFields(request: Request): Promise<Fields> {
  if (!isForm(request)) throw notAForm();
  const form = await readForm(request);
  return (name) => form.get(name) ?? "";
}

/**
 * Reads the one file of a form; empty where none was chosen.
 *
 * @param name The file's field.
 * @param most The most bytes that it may have.
 * @throws {ChatError} `too_large`, or `invalid` for a body that is no such form.
 */
export async function readFile(request: Request, name: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(await readBody(request, most + REST_MAX));
  const type = request.headers.get("content-type") ?? "";
  const form = await new Response(body, { headers: { "content-type": type } }).formData().catch(() => {
    throw notAForm();
  });
  const file = form.get(name);
  if (!(file instanceof File)) throw notAForm();
  return new Uint8Array(await file.arrayBuffer());
}

/** What the core answers, or its refusal, for the form to show. */
export async function attempt<T>(act: () => Promise<T>): Promise<T | ChatError> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ChatError) return error;
    throw error;
  }
}

/** Whether a question to the policy is answered with yes: what it refuses is not offered. */
export function allowed(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}

/** The sentence of the first thing that was wrong. */
export function sentence(error: { readonly issues: readonly { readonly message: string }[] }): string {
  return error.issues[0]?.message ?? "";
}

function notAForm(): ChatError {
  return new ChatError("invalid", "The body is not a form.");
}
