/**
 * The core over a store in memory: commands go through the gate, and there is no transport.
 * @module
 */
import { AccessTokens } from "@/lib/chat/access_tokens.ts";
import { Accounts, newPersonId } from "@/lib/chat/accounts.ts";
import type { CommandName, CommandSources, InputOf, ResultOf } from "@/lib/chat/commands.ts";
import { Credentials } from "@/lib/chat/credentials.ts";
import { Files } from "@/lib/chat/files.ts";
import { Gate } from "@/lib/chat/gate.ts";
import { Guests } from "@/lib/chat/guests.ts";
import { HASH_COST } from "@/lib/chat/passwords.ts";
import { Invites } from "@/lib/chat/invites.ts";
import { Members } from "@/lib/chat/members.ts";
import { Mentions } from "@/lib/chat/mentions.ts";
import { Messages } from "@/lib/chat/messages.ts";
import { OwnData } from "@/lib/chat/own_data.ts";
import { type Actor, asGuest, Policy, type Principal } from "@/lib/chat/policy.ts";
import type { LimitKind, Rate } from "@/lib/chat/rate_limiter.ts";
import { Reads } from "@/lib/chat/reads.ts";
import { Rooms } from "@/lib/chat/rooms.ts";
import { Sessions } from "@/lib/chat/sessions.ts";
import { SignIns } from "@/lib/chat/sign_ins.ts";
import type { Account } from "@/lib/model/account.ts";
import { fold } from "@/lib/model/names.ts";
import { keys } from "@/lib/store/keys.ts";
import { Jobs } from "@/lib/store/jobs.ts";
import { Log } from "@/lib/store/log/log.ts";
import { put } from "@/lib/store/commit.ts";
import { Store } from "@/lib/store/kv.ts";
import { openStore } from "@/lib/store/open.ts";

/** A core for tests. */
export interface Core extends CommandSources, AsyncDisposable {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly tokens: AccessTokens;
  readonly log: Log;
  readonly gate: Gate;
  /** Executes a command from the address 192.0.2.1. */
  run<Name extends CommandName>(name: Name, actor: Actor, input: InputOf<Name>): Promise<ResultOf<Name>>;
  /** An account without a password, signed in. */
  person(name: string, account?: Partial<Account>): Promise<Principal>;
  /** A new guest. */
  guest(name: string): Principal;
}

/** What a core is opened with. */
export interface CoreOptions {
  /** A file; in memory where there is none. */
  readonly where?: string;
  readonly guests?: "full" | "chat" | "none";
  readonly limits?: Readonly<Record<LimitKind, Rate>> | null;
}

// A millisecond for each hash.
HASH_COST.N = 2 ** 10;
const EMPTY = { email: null, about: "", avatar: null, admin: false, disabled: false, generation: 0 };

/** Opens a core. */
export async function openCore(
  { where = ":memory:", guests: may = "full", limits = null }: CoreOptions = {},
): Promise<Core> {
  const store = await openStore(where), policy = new Policy(may), jobs = new Jobs(store);
  const log = new Log(store, () => undefined), mentions = new Mentions(store);
  const rooms = new Rooms(store, log, jobs, policy, () => undefined);
  const messages = new Messages(log, rooms, jobs, policy, mentions);
  const members = new Members(store, log, rooms, policy);
  const invites = new Invites(store, rooms, members, policy);
  const reads = new Reads(store, log, rooms, policy);
  const sessions = new Sessions(store, jobs, 30 * 24 * 3_600_000, []);
  const files = new Files(store, jobs), accounts = new Accounts(store, jobs, files, policy);
  const credentials = new Credentials(store, accounts, sessions);
  const ownData = new OwnData({ accounts, credentials, sessions, rooms, members, messages, log });
  const tokens = await AccessTokens.open(store, 3600), guests = await Guests.open(store);
  const signIns = new SignIns(credentials, sessions, tokens, limits !== null);
  const sources = {
    policy,
    rooms,
    members,
    invites,
    messages,
    reads,
    accounts,
    sessions,
    credentials,
    signIns,
    files,
    guests,
    ownData,
  };
  const gate = new Gate(sources, limits);
  await rooms.prepare();
  jobs.start();
  return {
    ...sources,
    store,
    jobs,
    tokens,
    log,
    gate,
    run: (name, actor, input) => gate.execute(name, { actor, address: "192.0.2.1" }, input),
    async person(name, given = {}) {
      const account = { ...EMPTY, id: newPersonId(), name, createdAt: Date.now(), ...given }, { id } = account;
      await store.commit([], [put(keys.account(id), account), put(keys.accountByName(fold(name)), id)]);
      const { session } = await sessions.open(account, "a test");
      return (await sessions.resolve(session.id))!.identity;
    },
    guest: (name) => asGuest(guests.issue(name).person),
    async [Symbol.asyncDispose]() {
      await log.drained();
      await jobs.close();
      store.close();
    },
  };
}
