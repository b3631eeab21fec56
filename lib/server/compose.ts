/**
 * The wiring: how the parts of a server are put together, from the store up.
 * @module
 */
import { AccessTokens } from "@/lib/chat/access_tokens.ts";
import { Accounts } from "@/lib/chat/accounts.ts";
import { Credentials } from "@/lib/chat/credentials.ts";
import { Files } from "@/lib/chat/files.ts";
import { Gate } from "@/lib/chat/gate.ts";
import { Guests } from "@/lib/chat/guests.ts";
import { Invites } from "@/lib/chat/invites.ts";
import { Members } from "@/lib/chat/members.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { Permissions } from "@/lib/chat/permissions.ts";
import { OwnData } from "@/lib/chat/own_data.ts";
import { Policy } from "@/lib/chat/policy.ts";
import { Reads } from "@/lib/chat/reads.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import { Sessions } from "@/lib/chat/sessions.ts";
import { SignIns } from "@/lib/chat/sign_ins.ts";
import { Statistics } from "@/lib/chat/statistics.ts";
import type { Config } from "@/lib/config.ts";
import { trustedProxies } from "@/lib/http/address.ts";
import { MetricsCollector } from "@/lib/http/metrics_collector.ts";
import { isolateFigures } from "@/lib/http/prometheus.ts";
import type { Chat } from "@/lib/http/state.ts";
import { Hub } from "@/lib/live/hub.ts";
import { Jobs } from "@/lib/store/jobs.ts";
import { Log } from "@/lib/store/log/log.ts";
import { openStore } from "@/lib/store/open.ts";

/** The settings that the parts need. */
export type ChatSettings = Omit<Config, "port" | "host" | "dataDir" | "workersAtStart" | "trace" | "demo">;

/** Opens the store and composes a server over it. Disposing of the server drains it and closes the store. */
export async function compose(settings: ChatSettings): Promise<Chat> {
  // The store, the jobs that follow commits, and a log for each room. What a log commits goes to the sockets.
  const store = await openStore(settings.store);
  const jobs = new Jobs(store);
  const log: Log = new Log(store, (room, head, entries) => hub.committed(room, head, entries));

  // Who can do what.
  const policy = new Policy(settings.guests);
  const permissions = new Permissions(policy);

  // Rooms, and what people do in them.
  const rooms: Rooms = new Rooms(store, log, jobs, policy, (event, room) => hub.roomEvent(event, room));
  const members = new Members(store, log, rooms, policy);
  const invites = new Invites(store, rooms, members, policy);
  const mentions = new Mentions(store);
  const messages = new Messages(log, rooms, jobs, policy, mentions);
  const reads = new Reads(store, log, rooms, policy);

  // Accounts, guests, and how they prove who they are.
  const files = new Files(store, jobs);
  const accounts = new Accounts(store, jobs, files, policy, (name) => hub.nameRegistered(name));
  const sessions = new Sessions(store, jobs, settings.sessionTtl * 1000, settings.admins);
  const credentials = new Credentials(store, accounts, sessions);
  const tokens = await AccessTokens.open(store, settings.accessTokenTtl);
  const signIns = new SignIns(credentials, sessions, tokens, settings.limits !== null);
  const guests = await Guests.open(store);
  const ownData = new OwnData({ accounts, credentials, sessions, rooms, members, messages, log });
  const statistics = new Statistics({ store, log, rooms, accounts, policy });

  // The gate, which every change goes through: its limits, then its command.
  const people = { accounts, sessions, credentials, signIns, guests, files, ownData };
  const gate = new Gate({ policy, rooms, members, invites, messages, reads, ...people }, settings.limits);

  // Sockets, and the other instances on the store.
  const hub: Hub = new Hub({ store, log, messages, rooms, reads, sessions, gate, permissions });
  await rooms.prepare();
  await hub.open();
  jobs.start();
  const metricsCollector = new MetricsCollector(settings.workers, () => isolateFigures(hub));

  const drain = async () => {
    hub.draining = true;
    await log.drained();
    await hub.close();
  };
  return {
    gate,
    permissions,
    rooms,
    members,
    invites,
    messages,
    reads,
    accounts,
    credentials,
    sessions,
    guests,
    tokens,
    files,
    statistics,
    hub,
    log,
    store,
    jobs,
    metricsCollector,
    site: {
      corsOrigins: settings.corsOrigins,
      publicUrl: settings.publicUrl,
      proxies: trustedProxies(settings.trustedProxies),
      metricsToken: settings.metricsToken,
    },
    get draining() {
      return hub.draining;
    },
    drain,
    async [Symbol.asyncDispose]() {
      await drain();
      metricsCollector.close();
      await jobs.close();
      store.close();
    },
  };
}
