/**
 * Assertions for tests: each holds silently or throws an {@linkcode AssertionError}.
 *
 * @module
 */

export { AssertionError } from "./assertion_error.ts";
export {
  type AnyClass,
  assert,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  assertLess,
  assertLessOrEqual,
  assertNotInstanceOf,
  fail,
  unimplemented,
  unreachable,
} from "./conditions.ts";
export {
  type ArrayLikeArg,
  assertArrayIncludes,
  assertMatch,
  assertNotMatch,
  assertObjectMatch,
  assertStringIncludes,
} from "./containment.ts";
export { equal } from "./equal.ts";
export {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "./equality.ts";
export { assertIsError, assertRejects, assertThrows, type ErrorClass } from "./throws.ts";
