import { AssertionError, failure } from "./assertion_error.ts";
import { format } from "./format.ts";

/** A class, abstract or not, as the right-hand side of `instanceof`. */
export type AnyClass = abstract new (...args: never[]) => unknown;

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return `a value of type "${value === null ? "null" : typeof value}"`;
  }
  return `an instance of "${value.constructor?.name ?? "Object"}"`;
}

/**
 * Holds if the expression is truthy.
 *
 * @throws {AssertionError} If it is not.
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/**
 * Holds if the expression is falsy.
 *
 * @throws {AssertionError} If it is not.
 */
export function assertFalse(expr: unknown, msg = ""): asserts expr is false {
  if (expr) throw new AssertionError(msg);
}

/**
 * Holds unless the value is null or undefined.
 *
 * @throws {AssertionError} If it is one of the two.
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw failure(
      `Expected a value that is neither null nor undefined, got ${actual}`,
      msg,
    );
  }
}

/**
 * Holds if the value is an instance of the class.
 *
 * @throws {AssertionError} If it is not.
 */
export function assertInstanceOf<T extends AnyClass>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  throw failure(
    `Expected an instance of "${expectedType.name}", got ${describe(actual)}`,
    msg,
  );
}

/**
 * Holds if the value is no instance of the class.
 *
 * @throws {AssertionError} If it is one.
 */
export function assertNotInstanceOf<A, T>(
  actual: A,
  unexpectedType: abstract new (...args: never[]) => T,
  msg?: string,
): asserts actual is Exclude<A, T> {
  if (actual instanceof unexpectedType) {
    throw failure(
      `Expected anything but an instance of "${unexpectedType.name}"`,
      msg,
    );
  }
}

/** Holds if `actual > expected`. @throws {AssertionError} If it is not. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) {
    throw failure(`Expected ${format(actual)} > ${format(expected)}`, msg);
  }
}

/** Holds if `actual >= expected`. @throws {AssertionError} If it is not. */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual >= expected)) {
    throw failure(`Expected ${format(actual)} >= ${format(expected)}`, msg);
  }
}

/** Holds if `actual < expected`. @throws {AssertionError} If it is not. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) {
    throw failure(`Expected ${format(actual)} < ${format(expected)}`, msg);
  }
}

/** Holds if `actual <= expected`. @throws {AssertionError} If it is not. */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!(actual <= expected)) {
    throw failure(`Expected ${format(actual)} <= ${format(expected)}`, msg);
  }
}

/** Fails always. @throws {AssertionError} Always. */
export function fail(msg?: string): never {
  throw failure("Failed assertion", msg);
}

/** Marks a place that no run may come to. @throws {AssertionError} Always. */
export function unreachable(msg?: string): never {
  throw failure("Unreachable", msg);
}

/** Marks what is still to be written. @throws {AssertionError} Always. */
export function unimplemented(msg?: string): never {
  throw failure("Unimplemented", msg);
}
