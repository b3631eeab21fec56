import { type Context, csp, HttpError } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { problem, shared } from "@/lib/http/api.ts";
import { PAGE_CSP } from "@/lib/http/headers.ts";
import type { State } from "@/lib/http/state.ts";
import { isForeign, isUpgrade, whoAsks } from "@/lib/http/who.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Learns who asks. A socket says so itself, as it has to be opened before it can be told that a token is bad. */
async function identify(ctx: Context<State>): Promise<Response> {
  const forPrograms = isForPrograms(ctx);
  ctx.state.asker = null;
  if (isUpgrade(ctx.req)) return await ctx.next();
  try {
    ctx.state.asker = whoAsks(ctx.req, ctx.state.chat.guests);
    if (!forPrograms && !SAFE.has(ctx.req.method) && isForeign(ctx.req)) {
      throw new ChatError("forbidden", "This form came from another site; open the page here and send it again.");
    }
    return await ctx.next();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (forPrograms) return shared(problem(error));
    throw new HttpError(error.status, error.message, { cause: error });
  }
}

const pagePolicy = csp<State>({ useNonce: true, csp: PAGE_CSP });

/** The policy with the page's nonce. */
function protect(ctx: Context<State>): Response | Promise<Response> {
  return isForPrograms(ctx) ? ctx.next() : pagePolicy(ctx);
}

function isForPrograms(ctx: Context<State>): boolean {
  return /^\/+(api|ws|health)(\/|$)/.test(ctx.url.pathname);
}

export default [protect, identify];
