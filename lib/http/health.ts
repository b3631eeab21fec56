/**
 * Whether this process can serve.
 * @module
 */
import type { Chat } from "@/lib/http/state.ts";
import type { Health } from "@/lib/protocols/lobby/views.ts";

/** The version of the program. */
export const VERSION = "0.1.0";

/** How long the store can take to answer, in milliseconds. */
const STORE_MS = 2_000;

/** Asks the store whether it answers. */
export async function healthOf({ store, draining }: Pick<Chat, "store" | "draining">): Promise<Health> {
  const storage = await store.isResponsive(STORE_MS) ? "ok" : "unavailable";
  return { healthy: storage === "ok" && !draining, storage };
}
