/**
 * `hubbub`: serves until it is stopped.
 * @module
 */
import { readConfig, readLogFormat } from "@/lib/config.ts";
import { VERSION } from "@/lib/http/health.ts";
import { logger, setLogFormat } from "@/lib/logger.ts";
import { drainOnSignal } from "@/lib/server/drain.ts";
import { serve as serveHere } from "@/lib/server/isolate.ts";
import { Workers } from "@/lib/server/workers.ts";

/** Serves with all isolates. Resolves once they listen; throws what keeps the server from starting. */
export async function serve(): Promise<void> {
  setLogFormat(readLogFormat());
  const config = readConfig(), { host: hostname } = config;
  // Isolates share a port, and would share it with another server too.
  if (config.workers > 1 && config.port !== 0) Deno.listen({ port: config.port, hostname }).close();
  const { port, chat, stop } = await serveHere(config);
  const workers = new Workers(port);
  await workers.add(config.workersAtStart - 1);
  workers.growWhenBusy(config.workers);
  logger.info(`Hubbub is at http://${hostname}:${port}`, { version: VERSION, isolates: workers.isolates });
  drainOnSignal(chat.store, () => Promise.all([stop(), workers.stop()]));
}

/** Why the server can't start, and what to do. */
export function startError(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) return "Cannot start as the port is taken: choose another with PORT.";
  return error instanceof Error ? error.message : String(error);
}
