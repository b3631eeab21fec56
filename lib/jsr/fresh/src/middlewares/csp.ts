import type { Middleware } from "../handlers.ts";
import { nonceOf } from "../page/document.ts";

/** Options of {@linkcode csp}. */
interface CSPOptions {
  /** Directives that replace the defaults of the same name, such as `img-src 'self'`. */
  csp?: string[];
  /**
   * Whether the nonce of the page replaces `'unsafe-inline'`.
   *
   * @default {false}
   */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

const nameOf = (directive: string) => directive.trim().split(/\s/)[0] ?? "";

/** A middleware that sets a content security policy on every response. */
export function csp<State>({ csp = [], useNonce = false }: CSPOptions = {}): Middleware<State> {
  const byName = new Map([...DEFAULTS, ...csp].map((directive) => [nameOf(directive), directive.trim()]));
  const policy = [...byName.values()].join("; ");
  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? nonceOf(response) : undefined;
    response.headers.set(
      "content-security-policy",
      nonce ? policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`) : policy,
    );
    return response;
  };
}
