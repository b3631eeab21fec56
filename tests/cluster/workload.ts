/**
 * The clients of a chaos: they post, edit, delete, react, read and mark as read over all protocols, and in the end
 * everything that they recorded is held against the promises.
 * @module
 */
import { z } from "zod";
import type { Store } from "@/lib/store/kv.ts";
import { type Account, register } from "@/tests/cluster/account.ts";
import { AppClient } from "@/tests/cluster/app_client.ts";
import { finalState, headOf, healthOf, peopleOf, postsOf } from "@/tests/cluster/final_state.ts";
import type { Harness } from "@/tests/cluster/harness.ts";
import { type FinalState, type HistoryEvent, violations } from "@/tests/cluster/history.ts";
import { PlainClient, type PlainProtocol, plainViolations } from "@/tests/cluster/plain_client.ts";
import { chance } from "@/tests/cluster/random.ts";
import { ReadMarker } from "@/tests/cluster/read_marker.ts";
import type { Environment, Position, ResumingClient } from "@/tests/cluster/reconnecting_socket.ts";
import { RoomClient } from "@/tests/cluster/room_client.ts";
import { ask, sentence, within } from "@/tests/limits.ts";

/** How many clients there are, and what they do. */
export interface WorkloadOptions {
  readonly seed: number;
  readonly writers: number;
  /** Two at least: one of ten is a chat between accounts, and the others are public. */
  readonly rooms: number;
  /** Posts and changes a second, of all clients together. */
  readonly rate: number;
  /** How long each condition may take to come true once everything is quiet, in milliseconds. */
  readonly patience: number;
}

const READ_MARKERS = 3;
const POLL_MS = 100;
const BYTES_MAX = 700 * 1024 * 1024;
/** How ten writers speak, in turn: protocols 1 and 5, which send again what was not acknowledged, and all others. */
const PROTOCOLS: readonly ("room" | "app" | PlainProtocol)[] = [
  "room",
  "app",
  "lobby",
  "room",
  "chats",
  "bearer",
  "app",
  "rest",
  "room",
  "rest with a key",
];
/** The public rooms that one web app is subscribed to. */
const APP_ROOMS = 3;
/** The errors that clients may get while stores and servers come and go, and while they don't read. */
const TOLERATED = new Set(["store_unavailable", "rate_limited", "message_not_found", "going_away", "too_slow"]);

const made = z.object({ id: z.int() });

/** All clients. */
export class Workload {
  readonly #resuming: ResumingClient[] = [];
  readonly #plain: PlainClient[] = [];
  readonly #markers: ReadMarker[] = [];
  readonly #violations: string[] = [];
  readonly #harness: Harness;
  readonly #options: WorkloadOptions;
  readonly #random: () => number;
  readonly #publicRooms: number[] = [];
  /** Chats between accounts. */
  readonly #chats: number[] = [];
  readonly #history: HistoryEvent[] = [];
  readonly #environment: Environment;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #entries = 0;

  /** No client is there yet. */
  constructor(harness: Harness, options: WorkloadOptions) {
    const random = chance(options.seed + 1);
    this.#harness = harness;
    this.#options = options;
    this.#random = random;
    this.#environment = {
      random,
      address: () => oneOf(harness.addresses, random()),
      record: (event) => this.#history.push(event),
      report: (violation) => this.#violations.push(violation),
      tolerated: TOLERATED,
    };
  }

  /** Every promise that was broken so far. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** How many entries all logs have in the end. */
  get entries(): number {
    return this.#entries;
  }

  /** How often a client was let in. */
  get arrivals(): number {
    return this.#resuming.reduce((sum, { arrivals }) => sum + arrivals, 0);
  }

  get #rooms(): readonly number[] {
    return [...this.#publicRooms, ...this.#chats];
  }

  /** Makes accounts and rooms, and connects all clients. */
  async connect(): Promise<void> {
    const { writers } = this.#options, url = this.#harness.instances[0]!;
    const readers = Array.from({ length: READ_MARKERS }, (_, index) => register(url, `f${index}`));
    const owners = Array.from({ length: writers }, (_, index) => {
      const protocol = PROTOCOLS[index % PROTOCOLS.length];
      return protocol === "app" || protocol === "chats" ? register(url, `a${index}`) : undefined;
    });
    const accounts = await Promise.all(owners), markers = await Promise.all(readers);
    await this.#makeRooms(url, [...markers, ...accounts.filter((account) => account !== undefined)]);
    for (const account of markers) this.#markers.push(new ReadMarker(account, this.#environment, this.#rooms));
    for (let index = 0; index < writers; index++) this.#add(index, accounts[index]);
    for (const room of this.#publicRooms) {
      this.#resuming.push(new RoomClient(`reader${room}`, room, this.#environment));
    }
    for (const client of [...this.#resuming, ...this.#plain]) client.connect();
  }

  async #makeRooms(url: string, [owner, ...others]: readonly Account[]): Promise<void> {
    const { rooms } = this.#options, chats = Math.ceil(rooms / 10);
    this.#publicRooms.push(1);
    for (let room = 2; room <= rooms - chats; room++) {
      this.#publicRooms.push(await make(`${url}/api/chat/rooms`, { name: `r-${room}` }));
    }
    const participants = others.map(({ id }) => id);
    for (let chat = 1; chat <= chats; chat++) {
      this.#chats.push(await make(`${url}/api/chats/`, { name: `c-${chat}`, participants, is_group: true }, owner));
    }
  }

  #add(index: number, account: Account | undefined): void {
    const protocol = PROTOCOLS[index % PROTOCOLS.length]!, environment = this.#environment;
    const room = nth(this.#publicRooms, index), chat = nth(this.#chats, index);
    if (protocol === "room") this.#resuming.push(new RoomClient(`p${index}`, room, environment));
    else if (protocol === "app" && account) {
      const rooms = Array.from({ length: APP_ROOMS }, (_, more) => nth(this.#publicRooms, index + more));
      this.#resuming.push(new AppClient(account, [...new Set([...rooms, chat])], environment));
    } else if (protocol === "chats" && account) {
      this.#plain.push(new PlainClient(account.name, chat, protocol, environment, account));
    } else if (protocol === "bearer") {
      const { account } = nth(this.#markers, index);
      this.#plain.push(new PlainClient(account.name, room, protocol, environment, account));
    } else if (protocol !== "app") this.#plain.push(new PlainClient(`q${index}`, room, protocol, environment));
  }

  /** Posts and changes begin. */
  begin(): void {
    const writers = [...this.#resuming.filter(({ name }) => !name.startsWith("reader")), ...this.#plain];
    this.#ticker = setInterval(() => {
      const writer = oneOf(writers, this.#random()), chosen = this.#random();
      if ("change" in writer && chosen < 0.15) writer.change();
      else writer.say();
      if (chosen > 0.99) oneOf(this.#resuming, this.#random()).reconnect();
      if (chosen > 0.95) this.#markRead();
    }, 1_000 / this.#options.rate);
  }

  #markRead(): void {
    const { room, position = 0 } = oneOf(this.#positions, this.#random());
    oneOf(this.#markers, this.#random()).read(room, Math.floor(position * this.#random()));
  }

  /** Where clients are, each room of each. */
  get #positions(): (Position & { readonly name: string })[] {
    return this.#resuming.flatMap(({ name, positions }) => {
      return positions.map(({ room, position }) => ({ name, room, position }));
    });
  }

  /** Posts and changes end. */
  end(): void {
    clearInterval(this.#ticker);
  }

  /** Closes every connection, and waits for nothing. */
  abort(): void {
    this.end();
    for (const client of [...this.#resuming, ...this.#plain]) client.abort();
  }

  /** Waits until all is quiet, lets some leave, and holds everything against the promises. */
  async verify(): Promise<void> {
    await using store = await this.#harness.openStore();
    await this.#settle(store);
    const staying = this.#resuming.filter((_, index) => index % 3 > 0);
    await Promise.all(this.#resuming.filter((_, index) => index % 3 === 0).map((client) => client.leave()));
    for (const url of this.#harness.instances) await this.#awaitPresence(url, staying);
    const final = await Promise.all(this.#rooms.map((room) => this.#finalState(store, room, staying)));
    this.#entries = final.reduce((sum, { entries }) => sum + entries.length, 0);
    for (const url of this.#harness.instances) {
      const { bytes } = await healthOf(url);
      if (bytes > BYTES_MAX) this.#violations.push(`An instance takes ${Math.round(bytes / 1024 / 1024)} MB.`);
    }
    await Promise.all(staying.map((client) => client.leave()));
    this.#violations.push(...violations(this.#history, final), ...plainViolations(this.#plain, final));
  }

  async #settle(store: Store): Promise<void> {
    const settled = Promise.all([...this.#plain, ...this.#markers].map((client) => client.settle()));
    await within("an answer to every request", settled, this.#options.patience)
      .catch((error) => this.#violations.push(sentence(error)));
    await Promise.all(this.#plain.map((client) => client.leave()));
    await this.#until("every client to be back with an answer to everything", () => {
      return this.#resuming.filter(({ isSettled }) => !isSettled).map(({ name }) => name);
    });
    await this.#until("every client to have read everything", async () => {
      const heads = new Map(
        await Promise.all(this.#rooms.map(async (room) => [room, await headOf(store, room)] as const)),
      );
      return this.#positions.filter(({ room, position }) => position !== heads.get(room));
    });
  }

  /** An instance that was killed is noticed late, and so are the people and the sockets that it had. */
  async #awaitPresence(url: string, staying: readonly ResumingClient[]): Promise<void> {
    await this.#until("each instance to list who is connected", async () => {
      const listed = await Promise.all(this.#rooms.map((room) => peopleOf(url, room, this.#token)));
      return this.#rooms.filter((room, index) => listed[index]!.join() !== namesIn(room, staying).join());
    });
    await this.#until("no socket to be left over", async () => {
      const { connections } = await healthOf(url);
      return connections === staying.length ? [] : [`${connections} for ${staying.length}`];
    });
  }

  /** That of an account that may read every room. */
  get #token(): string {
    return this.#markers[0]!.account.token;
  }

  async #finalState(store: Store, room: number, staying: readonly ResumingClient[]): Promise<FinalState> {
    const { instances } = this.#harness, state = await finalState(store, room);
    const posts = postsOf(instances.at(-1)!, room, this.#token).catch((error) => {
      this.#violations.push(`The history of room ${room} cannot be read: ${sentence(error)}`);
      return state.posts;
    });
    return {
      ...state,
      posts: await posts,
      connected: namesIn(room, staying),
      listed: await Promise.all(instances.map((url) => peopleOf(url, room, this.#token))),
      unread: await Promise.all(this.#markers.map((marker) => marker.unread(instances[0]!, room))),
    };
  }

  /** Polls until nothing is missing; what still is after a while is a violation. */
  async #until(what: string, missing: () => readonly unknown[] | Promise<readonly unknown[]>): Promise<void> {
    const deadline = performance.now() + this.#options.patience;
    while (true) {
      const still = await missing();
      if (still.length === 0) return;
      if (performance.now() > deadline) {
        this.#violations.push(`Timed out waiting for ${what}: ${still.map((one) => Deno.inspect(one)).join(", ")}.`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** Makes a room, for an account or for a guest, and returns its id. */
async function make(url: string, room: Record<string, unknown>, owner?: Account): Promise<number> {
  const headers: HeadersInit = owner ? { authorization: `Bearer ${owner.token}` } : {};
  return made.parse(await (await ask(url, { method: "POST", headers, body: JSON.stringify(room) })).json()).id;
}

/** @param chosen In [0, 1). */
function oneOf<T>(several: readonly T[], chosen: number): T {
  return several[Math.floor(chosen * several.length)]!;
}

function nth<T>(several: readonly T[], index: number): T {
  return several[index % several.length]!;
}

function namesIn(room: number, clients: readonly ResumingClient[]): string[] {
  return clients.filter(({ positions }) => positions.some((one) => one.room === room)).map(({ name }) => name).sort();
}
