import { AssertionError, failure } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, format } from "./format.ts";

/**
 * Asserts that two values are deeply {@linkcode equal}.
 *
 * @throws {AssertionError} If they are not; the message shows the lines that differ.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  const lines = difference(actual, expected);
  throw new AssertionError(
    `Values are not equal${msg ? `: ${msg}` : "."}\n\n    [Diff] Actual / Expected\n\n${lines}\n`,
  );
}

/**
 * Asserts that two values are not deeply {@linkcode equal}.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw failure(`Expected a value other than ${format(expected)}`, msg);
}

/**
 * Asserts that two values are the same according to `Object.is`.
 *
 * @throws {AssertionError} If they are not.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const sameLook = format(actual) === format(expected);
  const problem = sameLook ? "Values look the same but are not the same reference" : "Values are not strictly equal";
  throw new AssertionError(
    `${problem}${msg ? `: ${msg}` : "."}\n\n${difference(actual, expected)}\n`,
  );
}
