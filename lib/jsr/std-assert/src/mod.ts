/**
 * Assertions for tests. Each returns if its condition holds and throws an {@linkcode AssertionError} if it does not.
 *
 * @module
 */

export { AssertionError } from "./assertion_error.ts";
export { assert, assertGreater, assertLess } from "./conditions.ts";
export { assertEquals, assertNotEquals, assertStrictEquals } from "./equality.ts";
export { assertMatch, assertNotMatch, assertStringIncludes } from "./strings.ts";
export { assertRejects, assertThrows } from "./throws.ts";
