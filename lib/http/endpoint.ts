/**
 * REST endpoints: a handler per method. HEAD, OPTIONS and refused methods are the same everywhere.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { preflight, withCors } from "@/lib/http/cors.ts";
import { problem } from "@/lib/http/problem.ts";
import { define, type State } from "@/lib/http/state.ts";

/** The methods that Fresh routes. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Handler = (ctx: Context<State>) => Response | Promise<Response>;

/** A Fresh handler from a handler per method. HEAD follows GET; OPTIONS and other methods are answered here. */
export function endpoint(handlers: Partial<Record<Method, Handler>>) {
  const allow = [...Object.keys(handlers), ...(handlers.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const byMethod = new Map<string, Handler>(Object.entries(handlers));
  return define.handlers(async (ctx) => {
    const { method } = ctx.req;
    if (method === "OPTIONS") return withCors(ctx, preflight(allow));
    const handler = byMethod.get(method === "HEAD" ? "GET" : method);
    if (!handler) return await headResponse(method, withCors(ctx, methodRefused(allow)));
    const response = await Promise.resolve(ctx).then(handler).catch(problem);
    // An upgrade's response is the socket, so it stays as it is.
    return response.status === 101 ? response : await headResponse(method, withCors(ctx, response));
  });
}

/** The response to HEAD: that to GET, with its length and without its body. */
async function headResponse(method: string, response: Response): Promise<Response> {
  if (method !== "HEAD" || response.body === null) return response;
  response.headers.set("content-length", String((await response.arrayBuffer()).byteLength));
  return new Response(null, response);
}

/** Passes a request on. A method that no route can have is refused, with those that the address has. */
export async function routeMethod(
  request: Request,
  handler: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  if (METHODS.includes(request.method)) return await handler(request);
  const options = await handler(new Request(request.url, { method: "OPTIONS" }));
  await options.body?.cancel();
  return methodRefused(options.headers.get("allow") ?? "GET, HEAD");
}

function methodRefused(allow: string): Response {
  const response = problem(new ChatError("method_not_allowed", `Use one of ${allow} here.`));
  response.headers.set("allow", allow);
  return response;
}
