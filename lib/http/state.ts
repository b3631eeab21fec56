/**
 * What every request has beside itself, and how the parts of a server are put together.
 * @module
 */
import { createDefine } from "fresh";
import { Accounts } from "@/lib/chat/accounts.ts";
import { Files } from "@/lib/chat/files.ts";
import { Members } from "@/lib/chat/members.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { AccountDeletion } from "@/lib/chat/account_deletion.ts";
import { Credentials } from "@/lib/chat/credentials.ts";
import { DataExport } from "@/lib/chat/data_export.ts";
import { type Actor, type GuestPolicy, Policy } from "@/lib/chat/policy.ts";
import { Reads } from "@/lib/chat/reads.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import { Sessions } from "@/lib/chat/sessions.ts";
import { Statistics } from "@/lib/chat/statistics.ts";
import { AccessTokens } from "@/lib/chat/access_tokens.ts";
import { type Proxies, trustedProxies } from "@/lib/http/address.ts";
import { type Family, isolateFigures } from "@/lib/http/prometheus.ts";
import { Gate } from "@/lib/chat/gate.ts";
import { Permissions } from "@/lib/chat/permissions.ts";
import { SignIns } from "@/lib/chat/sign_ins.ts";
import { Guests } from "@/lib/chat/guests.ts";
import { MetricsCollector } from "@/lib/http/metrics_collector.ts";
import { type LimitKind, type Rate, RateLimiter } from "@/lib/chat/rate_limiter.ts";
import { Hub } from "@/lib/live/hub.ts";
import { Jobs } from "@/lib/store/jobs.ts";
import { Log } from "@/lib/store/log/log.ts";
import { Store } from "@/lib/store/kv.ts";
import { openStore } from "@/lib/store/open.ts";

/** Where the server stands on the net. */
export interface Site {
  /** Sites whose pages may use the API with cookies. */
  readonly corsOrigins: readonly string[];
  /** The address that people use, without a slash at its end; undefined where requests tell. */
  readonly publicUrl: string | undefined;
  /** Proxies that are believed about where a request comes from. */
  readonly proxies: Proxies;
  /** Whoever says this may read `/metrics` from elsewhere; undefined for nobody. */
  readonly metricsToken: string | undefined;
}

/** The parts of a running server that routes call. */
export interface Chat extends AsyncDisposable {
  readonly store: Store;
  /** Work that follows commits. */
  readonly jobs: Jobs;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly messages: Messages;
  readonly mentions: Mentions;
  readonly reads: Reads;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly files: Files;
  readonly statistics: Statistics;
  readonly hub: Hub;
  /** What each isolate of this process has counted. */
  readonly isolates: MetricsCollector<readonly Family[]>;
  readonly policy: Policy;
  /** Executes commands: everything that changes something. */
  readonly gate: Gate;
  /** What an actor can see and do. */
  readonly permissions: Permissions;
  readonly guests: Guests;
  readonly tokens: AccessTokens;
  /** Null where nothing is limited. */
  readonly limits: RateLimiter | null;
  readonly site: Site;
  /** True once the process has been told to stop: it takes nobody new. */
  readonly draining: boolean;
  /** Takes nothing new from sockets, commits what waits, and sends everyone away with 1001. */
  drain(): Promise<void>;
}

/** What a server is opened with; lib/config.ts says what each setting means. */
export interface ChatOptions {
  /** A file, `:memory:`, a `denokv` server's address, or undefined for Deno Deploy's own store. */
  readonly store: string | undefined;
  readonly guests: GuestPolicy;
  readonly limits: Readonly<Record<LimitKind, Rate>> | null;
  /** In seconds. */
  readonly accessTokenTtl: number;
  /** In seconds. */
  readonly sessionTtl: number;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly publicUrl: string | undefined;
  readonly admins: readonly string[];
  readonly metricsToken: string | undefined;
  /** Isolates that serve in this process. */
  readonly workers: number;
}

/** Fresh's `ctx.state`, filled by the root middleware. */
export interface State {
  chat: Chat;
  /** Who asks: a cookie that came with a foreign `Origin` counts as absent. */
  actor: Actor;
  /** The client's address. */
  address: string;
  /** Whether the client came by HTTPS. */
  secure: boolean;
  /** The title of the page, set by a page's handler. */
  title?: string;
}

/** Fresh's definers for this project's state. */
export const define = createDefine<State>();

/**
 * Opens the store and puts a server together over it. Disposing of it drains it and closes the store.
 */
export async function openChat(options: ChatOptions): Promise<Chat> {
  const store = await openStore(options.store);
  const jobs = new Jobs(store);
  const policy = new Policy(options.guests);
  const limits = options.limits && new RateLimiter(options.limits);
  const log: Log = new Log(store, (room, head, entries) => hub.committed(room, head, entries));
  const mentions = new Mentions(store);
  const messages = new Messages(log, jobs, policy, mentions);
  const rooms: Rooms = new Rooms(store, log, jobs, policy, (event, room) => hub.roomEvent(event, room));
  const members = new Members(store, log, rooms, policy);
  const reads = new Reads(store, log, rooms, policy);
  const sessions = new Sessions(store, options.sessionTtl * 1000, options.admins);
  const files = new Files(store, jobs);
  const accounts = new Accounts(store, jobs, files, policy, (name) => hub.nameRegistered(name));
  const credentials = new Credentials(store, accounts, sessions);
  const dataExport = new DataExport({ accounts, sessions, rooms, log });
  const deletion = new AccountDeletion({ accounts, credentials, sessions, rooms, members, messages, log });
  const statistics = new Statistics({ store, log, rooms, accounts, policy });
  const guests = await Guests.open(store);
  const tokens = await AccessTokens.open(store, options.accessTokenTtl);
  const signIns = new SignIns(credentials, sessions, tokens, options.limits !== null);
  const permissions = new Permissions(policy);
  const gate = new Gate({
    policy,
    rooms,
    members,
    messages,
    reads,
    accounts,
    sessions,
    credentials,
    signIns,
    files,
    guests,
    dataExport,
    deletion,
  }, options.limits);
  const hub: Hub = new Hub({ store, log, messages, rooms, reads, sessions, gate, permissions });
  await rooms.prepare();
  await hub.open();
  jobs.start();
  const isolates = new MetricsCollector(options.workers, () => isolateFigures(hub));
  const settle = async () => {
    hub.draining = true;
    await log.drained();
  };
  return {
    store,
    jobs,
    log,
    rooms,
    members,
    messages,
    mentions,
    reads,
    accounts,
    credentials,
    sessions,
    files,
    statistics,
    hub,
    isolates,
    policy,
    gate,
    permissions,
    guests,
    tokens,
    limits,
    site: {
      corsOrigins: options.corsOrigins,
      publicUrl: options.publicUrl,
      proxies: trustedProxies(options.trustedProxies),
      metricsToken: options.metricsToken,
    },
    get draining() {
      return hub.draining;
    },
    async drain() {
      await settle();
      await hub.close();
    },
    async [Symbol.asyncDispose]() {
      await settle();
      await hub.close();
      isolates.close();
      await jobs.close();
      store.close();
    },
  };
}
