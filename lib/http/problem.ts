/**
 * Errors as problem details (RFC 9457).
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { logger } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";

/** An error as `application/problem+json`. Errors that the program doesn't expect are logged, and become a 500. */
export function problem(error: unknown): Response {
  const known = error instanceof ChatError
    ? error
    : new ChatError("internal", "Something went wrong. Please try again.");
  if (known !== error) logger.error("An unexpected error in a request", {}, error);
  metrics.refused(known.code);
  const { code, status, title, message: detail, issues: errors, retryAfter: retry_after } = known;
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (retry_after !== undefined) headers.set("retry-after", String(Math.max(1, Math.ceil(retry_after))));
  return Response.json({ type: "about:blank", title, status, detail, code, errors, retry_after }, { status, headers });
}
