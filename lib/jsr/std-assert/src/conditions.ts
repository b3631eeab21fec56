import { AssertionError, failure } from "./assertion_error.ts";
import { format } from "./format.ts";

/**
 * Asserts that an expression is truthy.
 *
 * @throws {AssertionError} If it is falsy.
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Asserts that `actual > expected`. @throws {AssertionError} If it is not. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) {
    throw failure(`Expected ${format(actual)} > ${format(expected)}`, msg);
  }
}

/** Asserts that `actual < expected`. @throws {AssertionError} If it is not. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) {
    throw failure(`Expected ${format(actual)} < ${format(expected)}`, msg);
  }
}
