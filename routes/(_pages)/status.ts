/**
 * The status of a page that says what went wrong.
 * @module
 */
import { HttpError } from "fresh";

/** The HTTP status of whatever a page threw. */
export function statusOf(error: unknown): number {
  return error instanceof HttpError ? error.status : 500;
}
