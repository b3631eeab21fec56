import type { ErrorStatus } from "@std/http";

/** An error with the HTTP status of its response. Other errors are answered with 500. */
export class HttpError extends Error {
  /** The status of the response. */
  readonly status: ErrorStatus;

  override name = "HttpError";

  /**
   * @param status The status of the response.
   * @param message The text of the response, by default the reason phrase of the status.
   * @param options The cause of the error.
   */
  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
