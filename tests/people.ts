/**
 * People, and servers in memory, for tests.
 * @module
 */
import type { Account } from "@/lib/model/account.ts";
import type { Person } from "@/lib/model/person.ts";
import { keys } from "@/lib/store/keys.ts";
import { notify } from "@/lib/store/signal.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { Policy, type Principal } from "@/lib/chat/policy.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import type { Entry } from "@/lib/model/entry.ts";
import type { ChatSettings } from "@/lib/server/compose.ts";
import { Jobs } from "@/lib/store/jobs.ts";
import { Log } from "@/lib/store/log/log.ts";
import { Store } from "@/lib/store/kv.ts";
import { openStore } from "@/lib/store/open.ts";

/** A server in memory without rate limits. */
export const UNLIMITED: ChatSettings = {
  store: ":memory:",
  guests: "full",
  limits: null,
  accessTokenTtl: 3600,
  sessionTtl: 30 * 24 * 3600,
  corsOrigins: [],
  trustedProxies: [],
  publicUrl: undefined,
  admins: [],
  metricsToken: undefined,
  workers: 1,
};

/** A guest called Alice. */
export const alice: Person = guest("Alice", "a");
/** A guest called Bob. */
export const bob: Person = guest("Bob", "b");

/** A guest whose id is made of one hex digit. */
export function guest(name: string, digit: string): Person {
  return { id: digit.repeat(24), name, guest: true };
}

/** An account, whatever session it comes by. */
export function asAccount({ id, name }: { readonly id: string; readonly name: string }): Principal {
  return { person: { id, name, guest: false }, session: null, scopes: null, expiresAt: null, guard: null };
}

/** Changes an account's record, as an admin would. */
export async function changeAccount(store: Store, id: string, change: Partial<Account>): Promise<void> {
  await store.update(
    keys.account(id),
    (account) => account && { value: { ...account, ...change }, mutations: [notify(id)] },
  );
}

/** Ends all sessions of an account. */
export function endSessions(store: Store, id: string): Promise<void> {
  return changeAccount(store, id, { generation: Date.now() });
}

/** The core over a store of its own: no sockets, no HTTP. */
export interface Core extends AsyncDisposable {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly messages: Messages;
  /** Everything that was committed here, in order. */
  readonly committed: { room: number; entries: readonly Entry[] }[];
}

/** Opens the core, in memory unless a file is named. */
export async function openCore(where = ":memory:"): Promise<Core> {
  const store = await openStore(where);
  const committed: Core["committed"] = [];
  const log = new Log(store, (room, _head, entries) => void committed.push({ room, entries }));
  const policy = new Policy("full"), jobs = new Jobs(store);
  const rooms = new Rooms(store, log, jobs, policy, () => undefined);
  const messages = new Messages(log, rooms, jobs, policy, new Mentions(store));
  await rooms.prepare();
  jobs.start();
  return {
    store,
    jobs,
    log,
    rooms,
    messages,
    committed,
    async [Symbol.asyncDispose]() {
      await log.drained();
      await jobs.close();
      store.close();
    },
  };
}
