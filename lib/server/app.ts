/**
 * The web app: Fresh with the file routes, and the handler around it.
 * @module
 */
import { App, staticFiles } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { routeMethod } from "@/lib/http/endpoint.ts";
import { withSecurityHeaders } from "@/lib/http/headers.ts";
import { withoutSlash } from "@/lib/http/path_params.ts";
import { problem } from "@/lib/http/problem.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import { ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";

const failed = new ThrottledWarning("A request failed");

/** The web app over a server, which its first request opens. */
export function createApp(open: () => Promise<Chat>): App<State> {
  return new App<State>()
    .use(staticFiles())
    .use(async (ctx) => {
      ctx.state.chat = await open();
      return await ctx.next();
    })
    .fsRoutes();
}

/** Wraps a handler so that it always responds, with the security headers, and counts its responses. */
export function createHandler<Info>(
  handler: (request: Request, info: Info) => Response | Promise<Response>,
): (request: Request, info: Info) => Promise<Response> {
  return async (request, info) => {
    try {
      return finish(request, await routeMethod(request, (request) => handler(withoutSlash(request), info)));
    } catch (error) {
      const isMalformed = error instanceof URIError;
      return finish(request, problem(isMalformed ? new ChatError("invalid", "The address has a malformed %.") : error));
    }
  };
}

function finish({ method, url }: Request, response: Response): Response {
  const { status } = response;
  metrics.responses[Math.floor(status / 100)]!++;
  // Only the first part of the path: others can be secrets, such as invite codes.
  if (status >= 500) failed.warn({ method, path: `/${new URL(url).pathname.split("/")[1]}`, status });
  return withSecurityHeaders(response);
}
