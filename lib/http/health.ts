/**
 * Whether this process can serve.
 * @module
 */
import type { Chat } from "@/lib/http/state.ts";

/** How long the store may take to answer, in milliseconds. */
const STORE_MS = 2_000;

/** What health is made of. */
export interface Health {
  /** Whether it can serve: the store answers, and nobody has told the process to stop. */
  readonly healthy: boolean;
  readonly storage: "ok" | "unavailable";
}

/** Asks the store. */
export async function healthOf({ store, draining }: Pick<Chat, "store" | "draining">): Promise<Health> {
  const storage = await store.isResponsive(STORE_MS) ? "ok" : "unavailable";
  return { healthy: storage === "ok" && !draining, storage };
}
