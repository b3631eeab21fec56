import { AssertionError, failure } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { assertEquals } from "./equality.ts";
import { format } from "./format.ts";

/** What `assertArrayIncludes` looks through: arrays, strings' lists, typed arrays. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/**
 * Holds if each expected member equals one of the actual ones, in any order.
 *
 * @throws {AssertionError} If some are missing; the message lists them.
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const members = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) => !members.some((member) => equal(member, wanted)));
  if (missing.length > 0) {
    throw failure(
      `Expected ${format(members)} to include ${format(missing)}`,
      msg,
    );
  }
}

/**
 * Holds if the string contains the expected one.
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
 * Holds if the string matches the pattern.
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
 * Holds if the string does not match the pattern.
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

/** A sticky or global pattern keeps its position from earlier uses, which must not decide a test. */
function matches(actual: string, pattern: RegExp): boolean {
  return actual.search(pattern) !== -1;
}

/**
 * Holds if the object has everything that the expected one has, however much more there is in it, at every depth.
 *
 * @throws {AssertionError} If something is missing or different.
 */
export function assertObjectMatch(
  actual: object,
  expected: object,
  msg?: string,
): void {
  if (typeof actual !== "object" || actual === null) {
    throw new AssertionError(`Expected an object, got ${actual}`);
  }
  assertEquals<unknown>(narrowed(actual, expected, new Map()), expected, msg);
}

/** The part of `actual` that `expected` speaks of, so that what remains can be compared whole. */
function narrowed(
  actual: unknown,
  expected: unknown,
  seen: Map<unknown, unknown>,
): unknown {
  if (
    !isPlainOrArray(actual) || !isPlainOrArray(expected) ||
    Array.isArray(actual) !== Array.isArray(expected)
  ) {
    return actual;
  }
  const known = seen.get(actual);
  if (known !== undefined) return known;
  const part: object = Array.isArray(expected) ? [] : Object.create(Object.getPrototypeOf(expected));
  seen.set(actual, part);
  for (const key of Reflect.ownKeys(expected)) {
    if (key === "length" && Array.isArray(expected)) continue;
    if (!(key in actual)) continue;
    Reflect.set(
      part,
      key,
      narrowed(Reflect.get(actual, key), Reflect.get(expected, key), seen),
    );
  }
  return part;
}

function isPlainOrArray(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const special = [
    Map,
    Set,
    Date,
    RegExp,
    URL,
    ArrayBuffer,
    Error,
    Promise,
    WeakMap,
    WeakSet,
  ];
  return !ArrayBuffer.isView(value) &&
    !special.some((kind) => value instanceof kind);
}
