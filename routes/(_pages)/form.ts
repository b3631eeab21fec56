/**
 * What a page's form sent, and what came of it.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { isForm, partsOf, readBody, readForm } from "@/lib/http/api.ts";

/** Gives a field's text, or "" where the form has none. */
export type Fields = (name: string) => string;

/** A form that comes again within this time, in milliseconds, is another press of the same button. */
export const PRESSED_AGAIN_MS = 60_000;
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
  const read = await readBody(request, most + REST_MAX).catch((error) => {
    throw error instanceof ChatError && error.code === "too_large" ? tooLarge(most) : error;
  });
  const form = await partsOf(read, request.headers.get("content-type") ?? "");
  const file = form.get(name);
  if (!(file instanceof File)) throw notAForm();
  if (file.size > most) throw tooLarge(most);
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

function tooLarge(most: number): ChatError {
  return new ChatError("too_large", `Choose a smaller file: it may have at most ${most / 1024} KiB.`);
}

function notAForm(): ChatError {
  return new ChatError("invalid", "The body is not a form.");
}
