/**
 * People, and servers in memory, for tests.
 * @module
 */
import type { Person } from "@/lib/chat/entries.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { Policy } from "@/lib/chat/policy.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import type { Committed } from "@/lib/store/drafts.ts";
import { Log } from "@/lib/store/log.ts";
import { Store } from "@/lib/store/store.ts";

/** A guest called Alice. */
export const alice: Person = guest("Alice", "a");
/** A guest called Bob. */
export const bob: Person = guest("Bob", "b");

/** A guest whose id is made of one hex digit. */
export function guest(name: string, digit: string): Person {
  return { id: digit.repeat(24), name, guest: true };
}

/** The core over a store of its own: no sockets, no HTTP. */
export interface Core extends AsyncDisposable {
  readonly store: Store;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  /** Everything that was committed here, in order. */
  readonly committed: { room: number; entries: readonly Committed[] }[];
}

/** Opens the core, in memory unless a file is named. */
export async function openCore(where = ":memory:"): Promise<Core> {
  const store = await Store.open(where);
  const committed: Core["committed"] = [];
  const log = new Log(store, (room, _head, entries) => committed.push({ room, entries }));
  const policy = new Policy("full");
  const rooms = new Rooms(store, log, policy, () => undefined);
  await rooms.prepare();
  return {
    store,
    log,
    rooms,
    messages: new Messages(log, policy),
    committed,
    async [Symbol.asyncDispose]() {
      await log.drained();
      store.close();
    },
  };
}
