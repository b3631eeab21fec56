import { AssertionError, failure } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, format } from "./format.ts";

/**
 * Holds if both values are {@linkcode equal}.
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
 * Holds if the values are not {@linkcode equal}.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw failure(`Expected a value other than ${format(expected)}`, msg);
}

/**
 * Holds if both are the same value or the same object, as `Object.is` sees it.
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

/**
 * Holds unless both are the same value or the same object, as `Object.is` sees it.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw failure(
    `Expected a value that is not strictly ${format(expected)}`,
    msg,
  );
}

/**
 * Holds if two numbers are closer to one another than the tolerance, which defaults to a ten-millionth of `expected`.
 *
 * @throws {AssertionError} If they are further apart.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const allowed = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  const delta = Math.abs(expected - actual);
  if (delta <= allowed) return;
  throw failure(
    `Expected ${actual} to be within ${allowed} of ${expected}: the distance is ${delta}`,
    msg,
  );
}
