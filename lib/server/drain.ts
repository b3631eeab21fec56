/**
 * Stopping the process: everyone is sent away, within a time.
 * @module
 */
import { logger } from "@/lib/logger.ts";
import type { Store } from "@/lib/store/kv.ts";
import { onNewerSchema } from "@/lib/store/open.ts";

/** How long stopping can take, in milliseconds. */
const DRAIN_MS = 8_000;

/**
 * Stops the process on SIGTERM and SIGINT, and once a newer version of the program has migrated the store.
 *
 * @param stop Sends everyone away.
 */
export function drainOnSignal(store: Store, stop: () => Promise<unknown>): void {
  let draining = false;
  const drain = async () => {
    if (draining) return;
    draining = true;
    logger.info("Hubbub stops");
    const late = setTimeout(() => {
      logger.error("Hubbub stopped before everyone had gone");
      Deno.exit(1);
    }, DRAIN_MS);
    await stop();
    clearTimeout(late);
    logger.info("Hubbub has stopped");
    Deno.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, drain);
  onNewerSchema(store, new AbortController().signal, () => {
    logger.warn("A newer Hubbub has upgraded the store, so this one stops. Run the newer program.");
    drain();
  });
}
