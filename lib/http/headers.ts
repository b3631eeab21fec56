/**
 * The security headers of responses.
 * @module
 */

/** Content-Security-Policy of the pages, beyond `script-src`, which has the page's nonce. */
export const PAGE_CSP = [
  "default-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** For pages without a policy of their own, such as error pages. They need no scripts. */
const BARE_CSP = [...PAGE_CSP, "script-src 'none'"].join("; ");

/** Adds the headers to a response in place. That of an upgrade stays as it is. */
export function withSecurityHeaders(response: Response): Response {
  if (response.status === 101) return response;
  const { headers } = response;
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "same-origin");
  if (!headers.get("content-type")?.startsWith("text/html")) return response;
  const policy = headers.get("content-security-policy");
  // Upgraded addresses would break pages of a plain HTTP server.
  const directives = policy?.split(";").filter((directive) => directive.trim() !== "upgrade-insecure-requests");
  headers.set("content-security-policy", directives?.join(";") ?? BARE_CSP);
  headers.set("cross-origin-opener-policy", "same-origin");
  // A page is for one reader. The back button can still show it from memory.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-cache");
  return response;
}
