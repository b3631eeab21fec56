import { AssertionError, failure } from "./assertion_error.ts";

/** A class of errors, abstract or not. */
export type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

/**
 * Holds if the value is an error, of the class and with the text or pattern in its message if these are given.
 *
 * @throws {AssertionError} If one of them does not fit.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw failure(`Expected an Error, got ${Deno.inspect(error)}`, msg);
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw failure(
      `Expected an error of class "${ErrorClass.name}", got "${error.constructor.name}"`,
      msg,
    );
  }
  if (msgMatches === undefined) return;
  const fits = typeof msgMatches === "string" ? error.message.includes(msgMatches) : msgMatches.test(error.message);
  if (!fits) {
    throw failure(
      `Expected an error message with ${Deno.inspect(msgMatches)}, got "${error.message}"`,
      msg,
    );
  }
}

interface Expectation<E extends Error> {
  ErrorClass?: ErrorClass<E>;
  msgIncludes?: string;
  msg?: string;
}

/** Tells the two calling forms apart: a message alone, or a class with its conditions. */
function expectation<E extends Error>(
  first?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Expectation<E> {
  return typeof first === "function" ? { ErrorClass: first, msgIncludes, msg } : { msg: first };
}

function check<E extends Error>(
  thrown: unknown,
  { ErrorClass, msgIncludes, msg }: Expectation<E>,
): unknown {
  if (ErrorClass !== undefined) {
    assertIsError(thrown, ErrorClass, msgIncludes, msg);
  }
  return thrown;
}

/**
 * Holds if the function throws, and gives what it threw.
 *
 * @throws {AssertionError} If it returns.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Holds if the function throws an error of the class, with the text in its message if one is given; gives the error.
 *
 * @throws {AssertionError} If it returns, or throws something else.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  first?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(first, msgIncludes, msg);
  try {
    fn();
  } catch (thrown) {
    return check(thrown, expected);
  }
  throw failure("Expected function to throw", expected.msg);
}

/**
 * Holds if the promise that the function returns is rejected, and gives the reason.
 *
 * @throws {AssertionError} If it is fulfilled, or the function throws before it returns a promise.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Holds if the promise that the function returns is rejected with an error of the class, with the text in its message
 * if one is given; gives the error.
 *
 * @throws {AssertionError} If it is fulfilled, is rejected with something else, or the function throws at once.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  first?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(first, msgIncludes, msg);
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
    return check(thrown, expected);
  }
  throw failure("Expected function to reject", expected.msg);
}
