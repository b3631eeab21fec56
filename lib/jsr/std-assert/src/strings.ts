import { failure } from "./assertion_error.ts";
import { format } from "./format.ts";

/**
 * Asserts that a string contains another one.
 *
 * @throws {AssertionError} If it does not.
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw failure(
    `Expected ${format(actual)} to contain ${format(expected)}`,
    msg,
  );
}

/**
 * Asserts that a string matches a pattern.
 *
 * @throws {AssertionError} If it does not.
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (matches(actual, expected)) return;
  throw failure(`Expected ${format(actual)} to match ${expected}`, msg);
}

/**
 * Asserts that a string does not match a pattern.
 *
 * @throws {AssertionError} If it does.
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!matches(actual, expected)) return;
  throw failure(`Expected ${format(actual)} not to match ${expected}`, msg);
}

/** Whether a pattern matches, regardless of the `lastIndex` that a sticky or global pattern keeps from earlier uses. */
function matches(actual: string, pattern: RegExp): boolean {
  return actual.search(pattern) !== -1;
}
