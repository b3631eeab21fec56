import type { Middleware } from "../handlers.ts";
import { nonceOf } from "../page/document.ts";

/** What a content security policy says beyond the defaults. */
export interface CSPOptions {
  /**
   * Only has breaches reported, and allows them.
   *
   * @default {false}
   */
  reportOnly?: boolean;
  /** Where breaches are reported to. */
  reportTo?: string;
  /** Directives that replace those of the same name, such as `img-src 'self'`. */
  csp?: string[];
  /**
   * Allows inline scripts and styles by the nonce of the page instead of all of them.
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

function directivesFor({ csp = [], reportTo }: CSPOptions): string[] {
  const byName = new Map([...DEFAULTS, ...csp].map((directive) => [nameOf(directive), directive.trim()]));
  const directives = [...byName.values()];
  if (reportTo) directives.push("report-to csp-endpoint", `report-uri ${reportTo}`);
  return directives;
}

/** Sets a content security policy on every response. */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const policy = directivesFor(options).join("; ");
  const name = options.reportOnly ? "content-security-policy-report-only" : "content-security-policy";
  return async (ctx) => {
    const response = await ctx.next();
    const nonce = options.useNonce ? nonceOf(response) : undefined;
    response.headers.set(name, nonce ? policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`) : policy);
    if (options.reportTo) response.headers.set("reporting-endpoints", `csp-endpoint="${options.reportTo}"`);
    return response;
  };
}
