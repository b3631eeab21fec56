/** The error that every assertion of this package throws when it fails. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Makes an `AssertionError` from a description, followed by the caller's own message if there is one. */
export function failure(description: string, msg?: string): AssertionError {
  return new AssertionError(msg ? `${description}: ${msg}` : description);
}
