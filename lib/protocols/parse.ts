/**
 * Parses what comes from outside: a schema's value, or a `ChatError` whose sentence says what to do.
 * @module
 */
import { z } from "zod";
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import { tagged } from "@/lib/protocols/fields.ts";
import { parseJson } from "@/lib/protocols/json.ts";

/**
 * A frame of a schema.
 *
 * @throws {ChatError} `bad_frame` for what is not such a frame, `invalid` for one whose text breaks a rule.
 */
export function parseFrame<T>(schema: z.ZodType<T>, text: string): T {
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const ruleBroken = issues.every(({ code }) => code === "custom");
  const tag = z.object(tagged).safeParse(value);
  throw refusal(ruleBroken ? "invalid" : "bad_frame", parsed.error, tag.success ? tag.data.nonce : undefined);
}

/**
 * A value of a schema.
 *
 * @throws {ChatError} `invalid`, with the fields that were wrong.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refusal("invalid", parsed.error);
}

/** As {@link parse}, for a schema with a rule that takes time. */
export async function parseInTime<T>(schema: z.ZodType<T>, value: unknown): Promise<T> {
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return parsed.data;
  throw refusal("invalid", parsed.error);
}

function refusal(code: ErrorCode, error: z.ZodError, nonce?: string): ChatError {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(step), message }));
  const [first] = error.issues;
  return new ChatError(code, first && sentenceOf(first), { issues, nonce });
}

/** What people call the kinds of value that zod expects. */
const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  array: "a list",
  object: "a JSON object",
};

/** What to do about something that was wrong. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const { code, message } = issue, at = issue.path.join(".");
  const kind = code === "invalid_type" ? KINDS[issue.expected] : undefined;
  if (kind !== undefined) return at === "" ? `Send ${kind}.` : `${at} must be ${kind}.`;
  if (code === "invalid_union" && "options" in issue) return `${at} must be ${choice(issue.options ?? [])}.`;
  if (code === "too_small" && issue.origin === "number") return `${at} must be at least ${issue.minimum}.`;
  if (code === "too_big" && issue.origin === "number") return `${at} must be at most ${issue.maximum}.`;
  return code === "custom" || at === "" ? message : `${at}: ${message}`;
}

function choice(options: readonly unknown[]): string {
  const names = options.filter((option) => typeof option === "string").map((name) => `"${name}"`);
  return new Intl.ListFormat("en", { type: "disjunction" }).format(names);
}

function step(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}
