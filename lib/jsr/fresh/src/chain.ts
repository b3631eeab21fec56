import type { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import type { Middleware } from "./handlers.ts";

/** Middlewares in the order in which they run, followed by the handler. */
export type Chain<State> = readonly Middleware<State>[];

/**
 * Runs a chain from a position on.
 *
 * @throws {HttpError} With status 404 if the chain ends without a response.
 */
export async function runChain<State>(ctx: Context<State>, chain: Chain<State>, at = 0): Promise<Response> {
  const current = chain[at];
  if (current === undefined) throw new HttpError(404);
  ctx.next = () => runChain(ctx, chain, at + 1);
  return await current(ctx);
}
