/**
 * Tables of requests: the status for each kind of actor.
 * @module
 */
import { ACTORS } from "@/tests/policy/actors.ts";

/** A request, and the status that each kind of actor gets. */
export interface Row {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly expected: Readonly<Record<string, string>>;
}

/**
 * Reads a table. A line is `METHOD path {body} | answers`, in the order of {@link ACTORS}.
 *
 * @throws {Error} For a line that has not an answer for each.
 */
export function table(text: string): Row[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#")).map(
    (line) => {
      const [asked = "", answers = ""] = line.split("|");
      const [, method, path, body] = /^(\S+)\s+(\S+)\s*(.*?)\s*$/.exec(asked) ?? [];
      const each = answers.trim().split(/\s+/);
      if (!method || !path || each.length !== ACTORS.length) throw new Error(`Not a row: ${line}`);
      const expected = Object.fromEntries(ACTORS.map((kind, index) => [kind, each[index]!]));
      return { title: `${method} ${path}`, method, path, body: body ? JSON.parse(body) : undefined, expected };
    },
  );
}
