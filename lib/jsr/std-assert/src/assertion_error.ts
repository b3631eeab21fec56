/** What every assertion of this package throws when it does not hold. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Adds the caller's own words, if any, behind the description of what went wrong. */
export function failure(description: string, msg?: string): AssertionError {
  return new AssertionError(msg ? `${description}: ${msg}` : description);
}
