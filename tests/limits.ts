/**
 * Limits for tests: none waits for ever, and each says what did not come.
 * @module
 */

/** The limit for what usually takes a moment, on a machine that is busy with other things, in milliseconds. */
export const LIMIT_MS = 60_000;
const AGAIN_MS = 300;
/** For a test that measures time: it is repeated where something else held the machine up, and `run.ts` runs it alone. */
export const TIMED: Pick<Deno.TestDefinition, "retry"> = { retry: 2 };

/** Waits for a promise, but no longer than `limit` milliseconds. */
export async function atMost<T>(limit: number, promise: Promise<T>): Promise<{ isLate: boolean; result?: T }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ isLate: true }>((resolve) => timer = setTimeout(() => resolve({ isLate: true }), limit));
  try {
    return await Promise.race([promise.then((result) => ({ isLate: false, result })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for a promise that has to be fulfilled.
 *
 * @throws {Error} If it takes longer than `limit`.
 */
export async function within<T>(what: string, promise: Promise<T>, limit = LIMIT_MS): Promise<T> {
  const { isLate } = await atMost(limit, promise);
  if (isLate) throw new Error(`Timed out after ${limit / 1_000} s waiting for ${what}.`);
  return await promise;
}

/**
 * Repeats what fails until it succeeds.
 *
 * @throws {Error} If it still fails after `limit`, with its last reason.
 */
export async function eventually<T>(what: string, attempt: () => Promise<T>, limit = LIMIT_MS): Promise<T> {
  const giveUp = performance.now() + limit;
  while (true) {
    try {
      return await within(what, attempt(), limit);
    } catch (error) {
      if (performance.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      else throw new Error(`Timed out waiting for ${what}: ${sentence(error)}`, { cause: error });
    }
  }
}

/**
 * Fetches a whole response.
 *
 * @throws {Error} If there is none in time.
 */
export async function ask(url: string, request: RequestInit = {}, limit = LIMIT_MS): Promise<Response> {
  const { pathname } = new URL(url), what = `${request.method ?? "GET"} ${pathname} to be answered`;
  const signal = AbortSignal.timeout(limit);
  try {
    const response = await fetch(url, { ...request, signal }), body = await response.bytes();
    return new Response(body.length > 0 ? body : null, response);
  } catch (error) {
    throw new Error(`Timed out waiting for ${what}: ${sentence(error)}`, { cause: error });
  }
}

/** The message of an error. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
