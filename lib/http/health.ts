/**
 * Whether this process can serve.
 * @module
 */
import type { Chat } from "@/lib/http/state.ts";
import type { Health } from "@/lib/protocols/lobby/views.ts";

/** How long the store may take to answer, in milliseconds. */
const STORE_MS = 2_000;

/** Asks the store. */
export async function healthOf({ store, draining }: Pick<Chat, "store" | "draining">): Promise<Health> {
  const storage = await store.isResponsive(STORE_MS) ? "ok" : "unavailable";
  return { healthy: storage === "ok" && !draining, storage };
}
