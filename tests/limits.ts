/**
 * Limits for tests: whatever the program does, they wait for nothing without an end, and say what did not come.
 * @module
 */

/** So long, in milliseconds, for what usually takes a moment, on a machine that is busy with other things. */
export const LIMIT_MS = 60_000;
const AGAIN_MS = 300;
/** For a test that measures time: where the machine was held up by something else, it is measured again. */
export const TIMED: Pick<Deno.TestDefinition, "retry"> = { retry: 2 };

/** Waits for something, and no longer than `limit`: then it is late. */
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
 * Waits for something that has to come.
 *
 * @throws {Error} If it takes longer than `limit`.
 */
export async function within<T>(what: string, promise: Promise<T>, limit = LIMIT_MS): Promise<T> {
  const { isLate } = await atMost(limit, promise);
  if (isLate) throw new Error(`We wait in vain for ${what}: ${limit / 1_000} s.`);
  return await promise;
}

/**
 * Tries something again and again, as it fails for a while.
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
      else throw new Error(`We wait in vain for ${what}: ${sentence(error)}`, { cause: error });
    }
  }
}

/**
 * Asks an address, and reads the whole answer.
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
    throw new Error(`We wait in vain for ${what}: ${sentence(error)}`, { cause: error });
  }
}

/** What an error says. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
