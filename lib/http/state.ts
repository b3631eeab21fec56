/**
 * What every request has beside itself, and the parts of the server that routes can call.
 * @module
 */
import { createDefine } from "fresh";
import type { AccessTokens } from "@/lib/chat/access_tokens.ts";
import type { Accounts } from "@/lib/chat/accounts.ts";
import type { Credentials } from "@/lib/chat/credentials.ts";
import type { Files } from "@/lib/chat/files.ts";
import type { Gate } from "@/lib/chat/gate.ts";
import type { Guests } from "@/lib/chat/guests.ts";
import type { Invites } from "@/lib/chat/invites.ts";
import type { Members } from "@/lib/chat/members.ts";
import type { Messages } from "@/lib/chat/messages.ts";
import type { Permissions } from "@/lib/chat/permissions.ts";
import type { Actor } from "@/lib/chat/policy.ts";
import type { Reads } from "@/lib/chat/reads.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import type { Sessions } from "@/lib/chat/sessions.ts";
import type { Statistics } from "@/lib/chat/statistics.ts";
import type { Proxies } from "@/lib/http/address.ts";
import type { MetricsCollector } from "@/lib/http/metrics_collector.ts";
import type { Family } from "@/lib/http/prometheus.ts";
import type { Hub } from "@/lib/live/hub.ts";
import type { Jobs } from "@/lib/store/jobs.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { Log } from "@/lib/store/log/log.ts";

/** Where the server is on the network. */
export interface Site {
  /** Sites whose pages can use the API with cookies. */
  readonly corsOrigins: readonly string[];
  /** The address that people use, without a slash at its end; undefined where requests say it. */
  readonly publicUrl: string | undefined;
  /** Proxies that are trusted about where a request comes from. */
  readonly proxies: Proxies;
  /** The token with which other machines can read `/metrics`; undefined where none can. */
  readonly metricsToken: string | undefined;
}

/** The parts of a running server. Everything that changes something goes through `gate`; the other parts are for reading. */
export interface Chat extends AsyncDisposable {
  readonly gate: Gate;
  readonly permissions: Permissions;
  readonly rooms: Rooms;
  readonly members: Members;
  readonly invites: Invites;
  readonly messages: Messages;
  readonly reads: Reads;
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly guests: Guests;
  readonly tokens: AccessTokens;
  readonly files: Files;
  readonly statistics: Statistics;
  readonly hub: Hub;
  readonly log: Log;
  readonly store: Store;
  /** Work that follows commits. */
  readonly jobs: Jobs;
  /** The figures of all isolates of this process. */
  readonly metricsCollector: MetricsCollector<readonly Family[]>;
  readonly site: Site;
  /** True once the process is about to stop. */
  readonly draining: boolean;
  /** Takes nothing new from sockets, commits what waits, and closes every socket with 1001. */
  drain(): Promise<void>;
}

/** Fresh's `ctx.state`, filled by the root middleware. */
export interface State {
  chat: Chat;
  /** Who sends the request. Cookies of a cross-site request don't count. */
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
