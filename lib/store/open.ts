/**
 * Opens a store and makes it one of this version.
 * @module
 */
import { logger } from "@/lib/logger.ts";
import { keys, SCHEMA } from "@/lib/store/keys.ts";
import { Store } from "@/lib/store/kv.ts";
import { MIGRATIONS } from "@/lib/store/migrations.ts";

/** After a watch broke the schema is watched again, in milliseconds. */
const WATCH_AGAIN_MS = 5_000;

/**
 * Opens a store. A new one is marked with this version's schema, an older one is migrated.
 *
 * @param where A file, `:memory:`, the address of a `denokv` server, or undefined for Deno Deploy's own store.
 * @throws {Error} If the store was written by a newer version of the program.
 */
export async function openStore(where: string | undefined): Promise<Store> {
  const store = await Store.open(where);
  try {
    await migrate(store);
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}

async function migrate(store: Store): Promise<void> {
  const stepped = await store.update(keys.schema(), async (version) => {
    if (version === null) return { value: SCHEMA };
    if (version === SCHEMA) return undefined;
    if (version > SCHEMA) {
      throw new Error(
        `Cannot open the store as it was written by a newer Hubbub: its schema is ${version}, this program knows ${SCHEMA}. Run the newer program.`,
      );
    }
    await MIGRATIONS[version - 1]?.(store);
    return { value: version + 1 };
  });
  if (stepped) await migrate(store);
}

/** Calls `act` once a newer program has migrated the store: this one must not write to it any more. */
export function onNewerSchema(store: Store, signal: AbortSignal, act: () => void): void {
  store.watch([keys.schema()], signal, (_, value) => {
    if (value !== null && value > SCHEMA) act();
  }).catch((error) => logger.warn("Cannot see whether a newer program runs on this store", {}, error)).then(() => {
    if (signal.aborted || store.isClosed) return;
    const timer = setTimeout(() => onNewerSchema(store, signal, act), WATCH_AGAIN_MS);
    Deno.unrefTimer(timer);
  });
}
