import { AssertionError, failure } from "./assertion_error.ts";

/** An error class, abstract or concrete. */
type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

/** Returns what was thrown if it is an error of the class with the text in its message. */
function check<E extends Error>(
  thrown: unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes = "",
  msg?: string,
): E {
  if (!(thrown instanceof Error)) {
    throw failure(`Expected an Error, got ${Deno.inspect(thrown)}`, msg);
  }
  if (!(thrown instanceof ErrorClass)) {
    throw failure(
      `Expected an error of class "${ErrorClass.name}", got "${thrown.constructor.name}"`,
      msg,
    );
  }
  if (!thrown.message.includes(msgIncludes)) {
    throw failure(
      `Expected an error message with ${Deno.inspect(msgIncludes)}, got "${thrown.message}"`,
      msg,
    );
  }
  return thrown;
}

/**
 * Asserts that a function throws an error of a class, with a text in its message if one is given, and returns the error.
 *
 * @throws {AssertionError} If the function returns, or throws something else.
 */
export function assertThrows<E extends Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E {
  try {
    fn();
  } catch (thrown) {
    return check(thrown, ErrorClass, msgIncludes, msg);
  }
  throw failure("Expected function to throw", msg);
}

/**
 * Asserts that a function returns a promise that rejects with an error of a class, with a text in its message if one is
 * given, and returns the error.
 *
 * @throws {AssertionError} If the promise is fulfilled or rejects with something else, or if the function itself throws.
 */
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E> {
  let pending: PromiseLike<unknown>;
  try {
    pending = fn();
  } catch (thrown) {
    throw new AssertionError("Function throws when expected to reject", {
      cause: thrown,
    });
  }
  try {
    await pending;
  } catch (thrown) {
    return check(thrown, ErrorClass, msgIncludes, msg);
  }
  throw failure("Expected function to reject", msg);
}
