/**
 * Races what a right allows against its revocation, at two instances over one store file. Every commit is recorded, so an
 * oracle sees in which order they took effect.
 * @module
 */
import type { Principal } from "@/lib/chat/policy.ts";
import { HASH_COST, hashPassword } from "@/lib/chat/passwords.ts";
import { ChatError } from "@/lib/errors.ts";
import { logger } from "@/lib/logger.ts";
import type { Role } from "@/lib/model/membership.ts";
import { messageId } from "@/lib/model/message.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";
import { keys, type StoredEntry } from "@/lib/store/keys.ts";
import { type Core, openCore } from "@/tests/chat/core.ts";
import { temporaryFolder } from "@/tests/cluster/cluster.ts";

/** One thing that a commit did: a new entry of a room's log, or a change of another key; undefined for its removal. */
export type Effect =
  & {
    /** The generation of the account's sessions by then, from 0. */
    readonly generation: number;
  }
  & (
    | { readonly room: number; readonly entry: StoredEntry }
    | { readonly key: Deno.KvKey; readonly value: unknown }
  );

/** A room and accounts, and what they race for. */
export interface Scene {
  /** The instance at which the verb is tried. */
  readonly here: Core;
  /** The instance at which the right is revoked. */
  readonly there: Core;
  readonly room: number;
  /** Tries the verb, signed in at `here`. */
  readonly actor: Principal;
  /** Another session of the same account, signed in at `there`. */
  readonly keeper: Principal;
  readonly owner: Principal;
  /** An admin of the server. */
  readonly admin: Principal;
  readonly other: Principal;
  /** Ids of messages for each try, by the actor where the verb needs that, and else by the other. */
  readonly messages: readonly number[];
  /** Codes of invite links for each try, by the owner. */
  readonly invites: readonly string[];
  /** The `seq` of the room's last entry before the race. */
  readonly head: number;
}

/** What a right allows. */
export interface Verb {
  /** What the actor is in the room. */
  readonly role: Role | null;
  readonly isPrivate?: boolean;
  /** What each race needs of its own. */
  readonly needs?: "own messages" | "messages" | "invites";
  /** Tries it for the `n`th time. */
  run(scene: Scene, n: number): Promise<unknown>;
  isEffect(effect: Effect, scene: Scene): boolean;
}

/** What takes the right away. */
export interface Revocation {
  /** Whether it takes the actor's sessions or the room with it, so that each race needs others. */
  readonly ends?: "sessions" | "room";
  run(scene: Scene): Promise<unknown>;
  isEffect(effect: Effect, scene: Scene): boolean;
}

type People = Pick<Scene, "owner" | "admin" | "other">;

interface Commit {
  readonly versionstamp: string;
  readonly mutations: readonly Mutation[];
}

/** How often a verb is tried in one race; the last time is after the revocation. */
export const TRIES = 3;
const SPREAD_MS = 4;
/** Races side by side. */
const LANES = 20;
/** The password of every actor. */
export const PASSWORD = "a very long walk";
// As little as there is: thousands of passwords are changed.
HASH_COST.N = 2;
const hash = hashPassword(PASSWORD);
const STALE_MS = 2 * 3_600_000;
/** Commits to memory take a tenth of the time. */
const MEMORY = "/dev/shm";

// Each command would leave a line.
logger.info = () => undefined;

/** Two instances, and lanes in which races run side by side. */
export class RaceTrack implements AsyncDisposable {
  readonly #cores: readonly [Core, Core];
  readonly #commits: Commit[] = [];
  readonly #dispose: AsyncDisposableStack;
  readonly #people: People;

  private constructor(cores: readonly [Core, Core], people: People, dispose: AsyncDisposableStack) {
    this.#cores = cores;
    this.#people = people;
    this.#dispose = dispose;
    for (const { store } of cores) {
      const commit = store.commit.bind(store);
      store.commit = async (checks, mutations) => {
        const versionstamp = await commit(checks, mutations);
        if (versionstamp !== null) this.#commits.push({ versionstamp, mutations });
        return versionstamp;
      };
    }
  }

  /** Opens the instances. */
  static async open(): Promise<RaceTrack> {
    const dispose = new AsyncDisposableStack();
    const { path } = dispose.use(await temporaryFolder(MEMORY)), where = `${path}/store.sqlite`;
    const there = dispose.use(await openCore({ where })), here = dispose.use(await openCore({ where }));
    const people = {
      owner: await there.person("Owner"),
      admin: await there.person("Admin", { admin: true }),
      other: await there.person("Other"),
    };
    return new RaceTrack([there, here], people, dispose);
  }

  /** Runs `count` races of a verb against a revocation, and returns what the oracle says about them. */
  async race(verb: Verb, revocation: Revocation, count: number): Promise<string[]> {
    const violations: string[] = [];
    let inTime = 0, revoked = 0;
    await inLanes(count, async (races) => {
      let scene: Scene | undefined;
      for (const race of races) {
        // In one of three races both sides are at the same instance.
        const [there, second] = this.#cores, here = race % 3 === 0 ? there : second;
        scene = await this.#prepare(scene, { here, there }, verb, revocation);
        const { before, after, isRevoked } = await this.#raceOnce(scene, verb, revocation);
        inTime += before.length;
        revoked += Number(isRevoked);
        if (after.length > 0) violations.push(`Race ${race}: ${Deno.inspect(after[0])} after the revocation`);
      }
    });
    this.#commits.length = 0;
    return inTime > 0 && revoked > 0 ? violations : [`${inTime} were in time, and ${revoked} revoked.`];
  }

  /**
   * Lets the two owners of a room do something at once, in `count` rooms, and returns how many owners each has afterwards.
   *
   * @param run What one of them does at an instance.
   */
  async raceOwners(
    run: (core: Core, own: Principal, room: number, other: Principal) => Promise<unknown>,
    count: number,
  ): Promise<number[]> {
    const [there, here] = this.#cores, { owner: one, other: member } = this.#people, left: number[] = [];
    const second = await here.person("Second owner");
    await inLanes(count, async (races) => {
      for (const _ of races) {
        const room = await newRoom(there, one, "private");
        await there.run("setRole", one, { room, account: second.person.id, role: "owner" });
        await there.run("setRole", one, { room, account: member.person.id, role: "member" });
        await Promise.all([
          soon().then(() => attempt(run(there, one, room, second))),
          soon().then(() => attempt(run(here, second, room, one))),
        ]);
        const people = await Array.fromAsync(there.rooms.memberships(room));
        left.push(people.filter(({ role }) => role === "owner").length);
      }
    });
    return left;
  }

  /** What of the verb took effect before and after its revocation. */
  async #raceOnce(
    scene: Scene,
    verb: Verb,
    revocation: Revocation,
  ): Promise<{ before: Effect[]; after: Effect[]; isRevoked: boolean }> {
    const begin = this.#commits.length;
    const tries = Array.from({ length: TRIES - 1 }, (_, n) => soon().then(() => attempt(verb.run(scene, n))));
    await soon();
    await attempt(revocation.run(scene));
    await Promise.all([...tries, attempt(verb.run(scene, TRIES - 1))]);
    const before: Effect[] = [], after: Effect[] = [];
    let isRevoked = false;
    for (const effects of effectsOf(this.#commits.slice(begin), scene)) {
      let revokesHere = false;
      for (const effect of effects) {
        if (revocation.isEffect(effect, scene)) revokesHere = true;
        // What one commit does beside logs has no order.
        else if (verb.isEffect(effect, scene)) {
          (isRevoked || (revokesHere && "entry" in effect) ? after : before).push(effect);
        }
      }
      isRevoked ||= revokesHere;
    }
    return { before, after, isRevoked };
  }

  /** The scene of the next race: that of the last in its lane, as far as it can be restored. */
  async #prepare(
    last: Scene | undefined,
    { here, there }: Pick<Scene, "here" | "there">,
    { role, isPrivate = false, needs }: Verb,
    { ends }: Revocation,
  ): Promise<Scene> {
    const { owner, other } = this.#people, isNew = last === undefined || ends === "sessions";
    const keeper = isNew ? await newActor(there) : last.keeper, account = keeper.person.id;
    const actor = isNew || last.here !== here ? await signIn(here, account) : last.actor;
    const hasRoom = last !== undefined && ends !== "room" && await there.rooms.get(last.room) !== null;
    const room = hasRoom ? last.room : await newRoom(there, owner, isPrivate ? "private" : "public");
    await Promise.all([
      there.run("updateRoom", owner, { room, patch: { archived: false } }),
      there.run("setRole", owner, { room, account: other.person.id, role: "member" }),
      there.run("setRole", owner, { room, account, role }),
    ]);
    const author = needs === "own messages" ? keeper : other;
    const messages = needs?.endsWith("messages") ? await several((n) => post(there, author, room, n)) : [];
    const invites = needs === "invites" ? await several(() => invite(there, owner, room)) : [];
    const head = (await there.log.head(room))!.seq;
    return { ...this.#people, here, there, room, actor, keeper, messages, invites, head };
  }

  /** Ends everything. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#dispose.disposeAsync();
  }
}

/** Runs `count` races, numbered from 0, in lanes side by side. */
async function inLanes(count: number, run: (races: readonly number[]) => Promise<void>): Promise<void> {
  const races = Array.from({ length: count }, (_, race) => race);
  await Promise.all(Array.from({ length: LANES }, (_, lane) => run(races.filter((race) => race % LANES === lane))));
}

/** A new account with a password, signed in. */
async function newActor(core: Core): Promise<Principal> {
  const actor = await core.person(crypto.randomUUID().slice(0, 20));
  await core.store.commit([], [put(keys.password(actor.person.id), await hash)]);
  return actor;
}

/** Signs an account in, with a session that was last used some time ago, so that its next use extends it. */
async function signIn(core: Core, id: string): Promise<Principal> {
  const account = (await core.accounts.get(id))!, { session } = await core.sessions.open(account, "a race");
  const { identity } = (await core.sessions.resolve(session.id))!;
  await core.store.commit([], [put(keys.session(session.id), { ...session, seenAt: Date.now() - STALE_MS })]);
  return identity;
}

/** What commits did to the room and beside all rooms' logs, commit by commit in the order in which they took effect. */
function effectsOf(commits: readonly Commit[], { room, head, keeper: { person } }: Scene): Effect[][] {
  let last = head, generation = 0;
  return commits.toSorted((a, b) => a.versionstamp < b.versionstamp ? -1 : 1).map(({ mutations }) => {
    const entries: StoredEntry[] = [], others: Effect[] = [];
    for (const mutation of mutations) {
      const { key } = mutation, value = mutation.type === "set" ? mutation.value : undefined;
      if (key[0] === "log" && value !== undefined) {
        if (key[1] === room) entries.push(...keys.log.schema.parse(value));
        continue;
      }
      if (key[0] === "account" && key[1] === person.id) ({ generation } = keys.account.schema.parse(value));
      others.push({ key, value, generation });
    }
    const added = entries.filter(({ seq }) => seq > last).sort((a, b) => a.seq - b.seq);
    last = added.at(-1)?.seq ?? last;
    return [...added.map((entry) => ({ room, entry, generation })), ...others];
  });
}

function several<T>(make: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: TRIES }, (_, n) => make(n)));
}

async function newRoom(core: Core, by: Principal, kind: "public" | "private"): Promise<number> {
  return (await core.run("createRoom", by, { name: crypto.randomUUID(), description: "", kind })).id;
}

async function post(core: Core, by: Principal, room: number, n: number): Promise<number> {
  const { post: { seq } } = await core.run("post", by, { room, content: `message ${n}` });
  return messageId(room, seq);
}

async function invite(core: Core, by: Principal, room: number): Promise<string> {
  return (await core.run("createInvite", by, { room })).code;
}

/** Whether something is refused. */
async function attempt(trying: Promise<unknown>): Promise<boolean> {
  try {
    await trying;
    return false;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return true;
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD_MS));
}
