/**
 * What every response carries for the safety of who reads it.
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

/** For pages that come without a policy of their own, such as an error page: they need no script. */
const BARE_CSP = [...PAGE_CSP, "script-src 'none'"].join("; ");

/** Adds the headers to a response in place; an upgrade's stays untouched. */
export function withSecurityHeaders(response: Response): Response {
  if (response.status === 101) return response;
  const { headers } = response;
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "same-origin");
  if (!headers.get("content-type")?.startsWith("text/html")) return response;
  const policy = headers.get("content-security-policy");
  // Upgraded addresses would break the page on a plain http server of a local network.
  const directives = policy?.split(";").filter((directive) => directive.trim() !== "upgrade-insecure-requests");
  headers.set("content-security-policy", directives?.join(";") ?? BARE_CSP);
  headers.set("cross-origin-opener-policy", "same-origin");
  // A page is one reader's own; the back button may still show it from memory.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-cache");
  return response;
}
