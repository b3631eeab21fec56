/**
 * Request bodies: JSON and forms, up to a size.
 * @module
 */
import type { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { parseJson } from "@/lib/protocols/json.ts";
import { parseInTime } from "@/lib/protocols/parse.ts";

/** Largest JSON body or form without files, in bytes. */
export const BODY_MAX = 64 * 1024;
/** What a form with a file has beside the file, in bytes. */
const FIELDS_MAX = 16 * 1024;

const BRACE = "{".charCodeAt(0);
const URLENCODED = /^application\/x-www-form-urlencoded\b/i;
const MULTIPART = /^multipart\/form-data\b/i;

/** Gives a field's text, or "" where the form has none. */
export type Fields = (name: string) => string;

/**
 * The JSON body of a request.
 *
 * @throws {ChatError} `too_large`, or `invalid` with the fields that were wrong.
 */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  return await parseInTime(schema, parseBody(await readBody(request, BODY_MAX)));
}

function parseBody(body: Uint8Array): unknown {
  // An empty body stands for an object without fields.
  if (body.length === 0) return {};
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new ChatError("invalid", error instanceof ChatError ? error.message : "The body is not UTF-8.");
  }
}

/** A JSON body or the fields of a form. Throws {@link ChatError} as {@link readJson} does. */
export async function readJsonOrForm<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(request, BODY_MAX);
  const type = request.headers.get("content-type") ?? "";
  // `curl -d` calls everything a form.
  const isJson = body[0] === BRACE || !(isForm(request) || MULTIPART.test(type));
  return await parseInTime(schema, isJson ? parseBody(body) : Object.fromEntries(await formData(body, type)));
}

/** Whether the body says that it is a form without files. */
export function isForm(request: Request): boolean {
  return URLENCODED.test(request.headers.get("content-type") ?? "");
}

/** The fields of a form of either kind. Throws {@link ChatError} `invalid` for a body that is none. */
async function formData(body: Uint8Array, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch {
    throw notAForm();
  }
}

/** Reads the fields of a form. Throws {@link ChatError} `too_large`, or `invalid` for a body that is no form. */
export async function readFields(request: Request): Promise<Fields> {
  if (!isForm(request)) throw notAForm();
  const form = new URLSearchParams(new TextDecoder().decode(await readBody(request, BODY_MAX)));
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
  const read = await readBody(request, most + FIELDS_MAX).catch((error) => {
    throw error instanceof ChatError && error.code === "too_large" ? tooLarge(most) : error;
  });
  const form = await formData(read, request.headers.get("content-type") ?? "");
  const file = form.get(name);
  if (!(file instanceof File)) throw notAForm();
  if (file.size > most) throw tooLarge(most);
  return new Uint8Array(await file.arrayBuffer());
}

/**
 * The body of a request.
 *
 * @throws {ChatError} `too_large` for one of more than `most` bytes; no more than that is read.
 */
export async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new ChatError("invalid", `A body can't be sent in the encoding ${encoding} here.`);
  }
  const tooLarge = () => new ChatError("too_large", `A body can have at most ${most / 1024} KiB here.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

function tooLarge(most: number): ChatError {
  return new ChatError("too_large", `Choose a picture under ${most / 1024} KB.`);
}

function notAForm(): ChatError {
  return new ChatError("invalid", "The body is not a form.");
}
