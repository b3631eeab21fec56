/**
 * CORS: which pages of other sites can read the API's responses.
 * @module
 */
import type { Context } from "fresh";
import type { State } from "@/lib/http/state.ts";

/** Lets pages of any site read a response without their cookies, and pages of the sites in `CORS_ORIGINS` with them. */
export function withCors({ req, state }: Context<State>, response: Response): Response {
  const { headers } = response, origin = req.headers.get("origin"), { corsOrigins } = state.chat.site;
  if (origin !== null && corsOrigins.includes(origin)) {
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-allow-credentials", "true");
  } else headers.set("access-control-allow-origin", "*");
  // A cache must not give one site what another got.
  if (corsOrigins.length > 0) headers.append("vary", "Origin");
  headers.set("access-control-expose-headers", "Link, Location, Retry-After");
  return response;
}

/** The response to a preflight request, with the methods that the address has. */
export function preflight(allow: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      "access-control-allow-methods": allow,
      // The star stands for all other headers, but never for Authorization.
      "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, *",
      "access-control-max-age": "7200",
    },
  });
}
