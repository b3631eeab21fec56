import { type Context, csp, HttpError } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { clientAddress, isHttps } from "@/lib/http/address.ts";
import { clearCookies, setSessionCookie } from "@/lib/http/cookies.ts";
import { PAGE_CSP } from "@/lib/http/headers.ts";
import type { State } from "@/lib/http/state.ts";
import { logger } from "@/lib/logger.ts";
import { authenticate, isCrossSite, isUpgrade, readCredentials } from "@/lib/http/authenticate.ts";
import { problem } from "@/lib/http/problem.ts";
import { withCors } from "@/lib/http/cors.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** The addresses that programs ask, which get problem+json instead of pages. */
export const FOR_PROGRAMS = /^\/+(api|ws|files|health|stats|room|users|token|auth|chat|openapi\.json|metrics)(\/|$)/;
/** Where one signs in, or out: what is left of an earlier session is no reason to refuse that. */
const FOR_ANYBODY =
  /^\/+(api\/auth\/(login|register|logout)|auth\/login|token|users|health(\/\w+)?|metrics|openapi\.json)\/*$/;

/** Learns where a request comes from, and who asks. */
async function identify(ctx: Context<State>): Promise<Response> {
  const { req, state, info } = ctx, { publicUrl, proxies } = state.chat.site;
  const peer = "hostname" in info.remoteAddr ? info.remoteAddr.hostname : "";
  state.actor = null;
  state.address = clientAddress(req, peer, proxies);
  state.secure = isHttps(req, peer, proxies, publicUrl);
  try {
    // A socket has to be opened before it can be told that a token is bad.
    return isUpgrade(req) ? await ctx.next() : await answered(ctx);
  } catch (error) {
    if (!(error instanceof ChatError)) {
      // The page that shows it to its reader says nothing to anybody else.
      if (!(error instanceof HttpError)) logger.error("An unexpected error in a page", {}, error);
      throw error;
    }
    if (isForPrograms(ctx)) return withCors(ctx, problem(error));
    // The page of a form that is sent after its session has ended is at the same address.
    if (error.code === "sign_in") {
      return ctx.redirect(signInAddress(ctx.url.pathname + ctx.url.search), 303);
    }
    throw new HttpError(error.status, error.message, { cause: error });
  }
}

async function answered(ctx: Context<State>): Promise<Response> {
  const { req, state } = ctx, { chat } = state;
  const forAnybody = !isForPrograms(ctx) || FOR_ANYBODY.test(ctx.url.pathname);
  const claims = readCredentials(req, chat.site.corsOrigins);
  const known = await authenticate(chat, claims).catch((error) => {
    if (forAnybody && error instanceof ChatError && error.code === "sign_in") return null;
    throw error;
  });
  state.actor = known?.actor ?? null;
  if (!isForPrograms(ctx) && !SAFE.has(req.method) && isCrossSite(req, [])) {
    throw new ChatError("forbidden", "This form came from another site; open the page here and send it again.");
  }
  const response = await ctx.next(), { headers } = response;
  if (known?.renewed !== undefined) setSessionCookie(headers, state.secure, known.renewed, chat.sessions.lifetime);
  // A token that is not valid says nothing of the session beside it: a link with one in it must not sign anybody out.
  else if (known === null && claims.session !== undefined && !headers.has("set-cookie")) {
    clearCookies(headers, state.secure);
  }
  return response;
}

const pagePolicy = csp<State>({ useNonce: true, csp: PAGE_CSP });
/** ReDoc makes style sheets of its own; the nonce comes in the place of `unsafe-inline`. */
const redocPolicy = csp<State>({ useNonce: true, csp: [...PAGE_CSP, "style-src 'self' 'unsafe-inline'"] });

/** The policy with the page's nonce. */
function protect(ctx: Context<State>): Response | Promise<Response> {
  if (isForPrograms(ctx)) return ctx.next();
  return /^\/+redoc\/*$/.test(ctx.url.pathname) ? redocPolicy(ctx) : pagePolicy(ctx);
}

function isForPrograms(ctx: Context<State>): boolean {
  return FOR_PROGRAMS.test(ctx.url.pathname);
}

export default [protect, identify];
