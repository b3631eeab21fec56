import type { LogStore } from "@/lib/store/kv.ts";

/** A store of which some calls do something else. */
export function around(store: LogStore, changed: Partial<LogStore>): LogStore {
  return {
    limits: store.limits,
    get: (key) => store.get(key),
    getBoth: (one, other) => store.getBoth(one, other),
    getMany: (wanted) => store.getMany(wanted),
    list: (selection, options) => store.list(selection, options),
    commit: (checks, mutations) => store.commit(checks, mutations),
    sweep: (selection, signal) => store.sweep(selection, signal),
    ...changed,
  };
}
