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
/** The addresses for programs. Their errors are problem+json, not pages. */
export const FOR_PROGRAMS = /^\/+(api|ws|files|health|stats|room|users|token|auth|chat|openapi\.json|metrics)(\/|$)/;
/** Addresses where a session that has ended doesn't matter, such as for signing in. */
const IGNORES_SESSION =
  /^\/+(api\/auth\/(login|register|logout)|auth\/login|token|users|health(\/\w+)?|metrics|openapi\.json)\/*$/;

/** Sets where a request comes from and who sends it, and turns errors into responses. */
async function identify(ctx: Context<State>): Promise<Response> {
  const { req, state, info } = ctx, { publicUrl, proxies } = state.chat.site;
  const peer = "hostname" in info.remoteAddr ? info.remoteAddr.hostname : "";
  state.actor = null;
  state.address = clientAddress(req, peer, proxies);
  state.secure = isHttps(req, peer, proxies, publicUrl);
  try {
    // A socket has to be open before a bad token can be refused.
    return isUpgrade(req) ? await ctx.next() : await respond(ctx);
  } catch (error) {
    if (!(error instanceof ChatError)) {
      // The page shows it to its reader only.
      if (!(error instanceof HttpError)) logger.error("An unexpected error in a page", {}, error);
      throw error;
    }
    if (isForPrograms(ctx)) return withCors(ctx, problem(error));
    // For a form that is sent after its session ended: its page is at the same address.
    if (error.code === "sign_in") {
      return ctx.redirect(signInAddress(ctx.url.pathname + ctx.url.search), 303);
    }
    throw new HttpError(error.status, error.message, { cause: error });
  }
}

async function respond(ctx: Context<State>): Promise<Response> {
  const { req, state } = ctx, { chat } = state;
  const ignoresSession = !isForPrograms(ctx) || IGNORES_SESSION.test(ctx.url.pathname);
  const claims = readCredentials(req, chat.site.corsOrigins);
  const known = await authenticate(chat, claims).catch((error) => {
    if (ignoresSession && error instanceof ChatError && error.code === "sign_in") return null;
    throw error;
  });
  state.actor = known?.actor ?? null;
  if (!isForPrograms(ctx) && !SAFE.has(req.method) && isCrossSite(req, [])) {
    throw new ChatError("forbidden", "This form came from another site. Open the page here and send it again.");
  }
  const response = await ctx.next(), { headers } = response;
  if (known?.renewed !== undefined) setSessionCookie(headers, state.secure, known.renewed, chat.sessions.lifetime);
  // An invalid token says nothing about the session beside it: a link with one must not sign its visitor out.
  else if (known === null && claims.session !== undefined && !headers.has("set-cookie")) {
    clearCookies(headers, state.secure);
  }
  return response;
}

const pagePolicy = csp<State>({ useNonce: true, csp: PAGE_CSP });
/** ReDoc creates style sheets of its own. The nonce replaces `unsafe-inline`. */
const redocPolicy = csp<State>({ useNonce: true, csp: [...PAGE_CSP, "style-src 'self' 'unsafe-inline'"] });

/** Adds the Content-Security-Policy with the page's nonce. */
function protect(ctx: Context<State>): Response | Promise<Response> {
  if (isForPrograms(ctx)) return ctx.next();
  return /^\/+redoc\/*$/.test(ctx.url.pathname) ? redocPolicy(ctx) : pagePolicy(ctx);
}

function isForPrograms(ctx: Context<State>): boolean {
  return FOR_PROGRAMS.test(ctx.url.pathname);
}

export default [protect, identify];
