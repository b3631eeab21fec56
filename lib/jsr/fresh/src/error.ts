import type { ErrorStatus } from "@std/http";

/** An error that answers the request with a status of its own instead of 500. */
export class HttpError extends Error {
  /** The status of the answer. */
  readonly status: ErrorStatus;

  override name = "HttpError";

  /**
   * @param status The status of the answer.
   * @param message What the answer says; the reason phrase of the status if it is left out.
   * @param options The error's cause.
   */
  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
