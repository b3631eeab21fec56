import type { Context } from "../context.ts";
import type { Middleware } from "../handlers.ts";

/** Who may read the responses from another site. */
export interface CORSOptions<State = unknown> {
  /**
   * The sites: one, several, or a function that gives the one to name, or null.
   *
   * @default {"*"}
   */
  origin?: string | string[] | ((requestOrigin: string, ctx: Context<State>) => string | undefined | null);
  /** The methods that they may use. */
  allowMethods?: string[];
  /** The headers that they may send; those that they ask for, if it is left out. */
  allowHeaders?: string[];
  /** The headers that they may read. */
  exposeHeaders?: string[];
  /** For how many seconds a browser may remember the answer. */
  maxAge?: number;
  /** Whether they may send cookies. */
  credentials?: boolean;
}

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"];

function allowedOrigin<State>(options: CORSOptions<State>, ctx: Context<State>): string | null | undefined {
  const { origin = "*" } = options;
  const asked = ctx.req.headers.get("origin") ?? "";
  if (typeof origin === "function") return origin(asked, ctx);
  if (Array.isArray(origin)) return origin.includes(asked) ? asked : null;
  return origin;
}

function preflight<State>(options: CORSOptions<State>, req: Request, headers: Headers): Response {
  const { allowMethods = METHODS, allowHeaders = [], maxAge } = options;
  if (maxAge !== undefined) headers.set("access-control-max-age", String(maxAge));
  if (allowMethods.length > 0) headers.set("access-control-allow-methods", allowMethods.join(","));
  const asked = req.headers.get("access-control-request-headers")?.split(/\s*,\s*/) ?? [];
  const allowed = allowHeaders.length > 0 ? allowHeaders : asked;
  if (allowed.length > 0) {
    headers.set("access-control-allow-headers", allowed.join(","));
    headers.append("vary", "Access-Control-Request-Headers");
  }
  return new Response(null, { status: 204, headers });
}

/** Lets pages of other sites read the responses. It answers every OPTIONS itself. */
export function cors<State>(options: CORSOptions<State> = {}): Middleware<State> {
  return async (ctx) => {
    const common = new Headers();
    const origin = allowedOrigin(options, ctx);
    if (origin) common.set("access-control-allow-origin", origin);
    if (options.credentials) common.set("access-control-allow-credentials", "true");
    if (options.exposeHeaders?.length) common.set("access-control-expose-headers", options.exposeHeaders.join(","));
    if ((options.origin ?? "*") !== "*") common.set("vary", "Origin");
    if (ctx.req.method === "OPTIONS") return preflight(options, ctx.req, common);
    const response = await ctx.next();
    for (const [name, value] of common) {
      if (name === "vary") response.headers.append(name, value);
      else response.headers.set(name, value);
    }
    return response;
  };
}
