import type { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import type { MaybeLazyMiddleware } from "./handlers.ts";

/** Middlewares in the order in which they run, the handler last. */
export type Chain<State> = MaybeLazyMiddleware<State>[];

/**
 * Runs a chain from a position on. A member that loads a middleware takes its place at the first request, so that no later one
 * waits.
 *
 * @throws {HttpError} With status 404 if the chain ends without an answer.
 */
export async function runChain<State>(ctx: Context<State>, chain: Chain<State>, at = 0): Promise<Response> {
  const current = chain[at];
  if (current === undefined) throw new HttpError(404);
  ctx.next = () => runChain(ctx, chain, at + 1);
  const result = await current(ctx);
  if (typeof result !== "function") return result;
  chain[at] = result;
  return await result(ctx);
}
