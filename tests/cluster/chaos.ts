/**
 * Chaos: people talk while everything goes wrong, and afterwards it is held against the promises.
 * @module
 */
import { z } from "zod";
import { type Account, register } from "@/tests/cluster/account.ts";
import { Arena, type Layout } from "@/tests/cluster/harness.ts";
import { chance } from "@/tests/cluster/random.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { Follower } from "@/tests/cluster/follower.ts";
import { type Happened, type Left, violations } from "@/tests/cluster/history.ts";
import { entriesOf, headOf, healthOf, peopleOf, postsOf } from "@/tests/cluster/left.ts";
import type { Place, Resident, Surroundings } from "@/tests/cluster/reconnecting_socket.ts";
import { Page } from "@/tests/cluster/page.ts";
import { Plain, plainFaults, type Way } from "@/tests/cluster/plain.ts";
import { Recorder } from "@/tests/cluster/recorder.ts";
import { ask, sentence, within } from "@/tests/limits.ts";
import type { Store } from "@/lib/store/kv.ts";

/** How much of it. */
export interface Chaos extends Layout {
  readonly seed: number;
  /** What goes wrong. */
  readonly plan: readonly Planned[];
  readonly writers: number;
  /** Two at least: one of ten is a chat between accounts, and the others are public. */
  readonly rooms: number;
  /** What all of them say together, a second. */
  readonly rate: number;
  /** How long we wait for something to become as it should, in milliseconds. */
  readonly patience: number;
  /** Told what goes wrong when. */
  readonly onFault?: (sentence: string) => void;
}

/** What came of it. */
export interface Outcome {
  /** Every promise that was broken, in a sentence each. */
  readonly faults: readonly string[];
  readonly entries: number;
  readonly arrivals: number;
  /** How the disk was made full; null where it could not be. */
  readonly fullDisk: string | null;
  readonly said: string;
}

const FOLLOWERS = 3;
const GLANCE_MS = 100;
const ENCORE_MS = 1_000;
const BYTES_MAX = 700 * 1024 * 1024;
/** Beside its plan a chaos takes no longer than this, whatever happens. */
const OVERALL_MS = 10 * 60_000;
/** How ten writers speak, in turn: protocols 1 and 5, which say again what was not heard, and all the others. */
const WAYS: readonly ("room" | "page" | Way)[] = [
  "room",
  "page",
  "lobby",
  "room",
  "chats",
  "bearer",
  "page",
  "rest",
  "room",
  "rest with a key",
];
/** In so many public rooms is a page at once. */
const PAGE_ROOMS = 3;

const made = z.object({ id: z.int() });

/** Runs it, and tells what was broken. What does not come back in time is broken, too. */
export async function chaos(options: Chaos): Promise<Outcome> {
  await using arena = await Arena.open(options);
  const crowd = new Crowd(arena, options), lasts = options.plan.reduce((sum, { after }) => sum + after, 0);
  try {
    await within("the chaos to be over", run(arena, crowd, options), lasts + OVERALL_MS);
  } catch (error) {
    crowd.faults.push(sentence(error));
  } finally {
    crowd.vanish();
  }
  const { entries, arrivals } = crowd, { fullDisk, said } = arena;
  return { faults: [...arena.faults, ...crowd.faults], entries, arrivals, fullDisk, said };
}

async function run(arena: Arena, crowd: Crowd, { rate, plan, onFault }: Chaos): Promise<void> {
  await crowd.gather();
  crowd.talk(rate);
  await befall(arena, plan, onFault);
  await arena.calm();
  // Everybody can go on as if nothing had been.
  await new Promise((resolve) => setTimeout(resolve, ENCORE_MS));
  crowd.hush();
  // Where something does not run any more there is nobody to ask.
  if (arena.faults.length === 0) await crowd.settle();
}

async function befall(arena: Arena, plan: readonly Planned[], onFault?: (sentence: string) => void): Promise<void> {
  for (const { after, fault } of plan) {
    await new Promise((resolve) => setTimeout(resolve, after));
    onFault?.(Object.values(fault).join(" "));
    arena.suffer(fault);
  }
}

/** All people. */
class Crowd {
  readonly residents: Resident[] = [];
  readonly plains: Plain[] = [];
  readonly followers: Follower[] = [];
  /** Every promise that was broken so far. */
  readonly faults: string[] = [];
  entries = 0;
  readonly #arena: Arena;
  readonly #options: Chaos;
  readonly #random: () => number;
  /** Public rooms, and chats between accounts. */
  readonly #open: number[] = [];
  readonly #chats: number[] = [];
  readonly #history: Happened[] = [];
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor(arena: Arena, options: Chaos) {
    this.#arena = arena;
    this.#options = options;
    this.#random = chance(options.seed + 1);
  }

  get #rooms(): readonly number[] {
    return [...this.#open, ...this.#chats];
  }

  /** Makes accounts and rooms, and lets everybody come. */
  async gather(): Promise<void> {
    const { writers } = this.#options, door = this.#arena.instances[0]!;
    const followers = Array.from({ length: FOLLOWERS }, (_, index) => register(door, `f${index}`));
    const holders = Array.from({ length: writers }, (_, index) => {
      const way = WAYS[index % WAYS.length];
      return way === "page" || way === "chats" ? register(door, `a${index}`) : undefined;
    });
    const accounts = await Promise.all(holders), readers = await Promise.all(followers);
    await this.#makeRooms(door, [...readers, ...accounts.filter((account) => account !== undefined)]);
    for (const account of readers) this.followers.push(new Follower(account, this.#around, this.#rooms));
    for (let index = 0; index < writers; index++) this.#add(index, accounts[index]);
    for (const room of this.#open) this.residents.push(new Recorder(`reader${room}`, room, this.#around));
    for (const person of [...this.residents, ...this.plains]) person.come();
  }

  async #makeRooms(door: string, [owner, ...others]: readonly Account[]): Promise<void> {
    const { rooms } = this.#options, chats = Math.ceil(rooms / 10);
    this.#open.push(1);
    for (let room = 2; room <= rooms - chats; room++) {
      this.#open.push(await make(`${door}/api/chat/rooms`, { name: `r-${room}` }));
    }
    const participants = others.map(({ id }) => id);
    for (let chat = 1; chat <= chats; chat++) {
      this.#chats.push(await make(`${door}/api/chats/`, { name: `c-${chat}`, participants, is_group: true }, owner));
    }
  }

  #add(index: number, account: Account | undefined): void {
    const way = WAYS[index % WAYS.length]!, room = nth(this.#open, index), chat = nth(this.#chats, index);
    if (way === "room") this.residents.push(new Recorder(`p${index}`, room, this.#around));
    else if (way === "page" && account) {
      const rooms = Array.from({ length: PAGE_ROOMS }, (_, more) => nth(this.#open, index + more));
      this.residents.push(new Page(account, [...new Set([...rooms, chat])], this.#around));
    } else if (way === "chats" && account) this.plains.push(new Plain(account.name, chat, way, this.#around, account));
    else if (way === "bearer") {
      const { account } = nth(this.followers, index);
      this.plains.push(new Plain(account.name, room, way, this.#around, account));
    } else if (way !== "page") this.plains.push(new Plain(`q${index}`, room, way, this.#around));
  }

  readonly #around: Surroundings = {
    random: () => this.#random(),
    door: () => {
      const { doors } = this.#arena;
      return doors[Math.floor(this.#random() * doors.length)]!;
    },
    note: (happened) => this.#history.push(happened),
    fault: (sentence) => this.faults.push(sentence),
  };

  get arrivals(): number {
    return this.residents.reduce((sum, { arrivals }) => sum + arrivals, 0);
  }

  /** Everybody talks. */
  talk(rate: number): void {
    const talkers = [...this.residents.filter(({ name }) => !name.startsWith("reader")), ...this.plains];
    this.#ticker = setInterval(() => {
      const talker = talkers[Math.floor(this.#random() * talkers.length)]!, chosen = this.#random();
      if ("meddle" in talker && chosen < 0.15) talker.meddle();
      else talker.say();
      if (chosen > 0.99) this.residents[Math.floor(this.#random() * this.residents.length)]!.stumble();
      if (chosen > 0.95) this.#follow();
    }, 1_000 / rate);
  }

  #follow(): void {
    const follower = this.followers[Math.floor(this.#random() * FOLLOWERS)]!;
    const { room, position = 0 } = this.#places[Math.floor(this.#random() * this.#places.length)]!;
    follower.read(room, Math.floor(position * this.#random()));
  }

  /** Where residents are, each room of each. */
  get #places(): (Place & { readonly name: string })[] {
    return this.residents.flatMap(({ name, places }) => {
      return places.map(({ room, position }) => ({ name, room, position }));
    });
  }

  /** Everybody falls silent. */
  hush(): void {
    clearInterval(this.#ticker);
  }

  /** Everybody is gone at once. */
  vanish(): void {
    this.hush();
    for (const person of [...this.residents, ...this.plains]) person.vanish();
  }

  /** Waits until all is quiet, lets some go, and holds everything against the promises. */
  async settle(): Promise<void> {
    await using store = await this.#arena.openStore();
    const { patience } = this.#options, unsettled = [...this.plains, ...this.followers];
    const settled = Promise.all(unsettled.map((person) => person.settle()));
    await within("an answer to every request", settled, patience);
    await Promise.all(this.plains.map((plain) => plain.leave()));
    await this.#until(
      "everybody to be back with an answer to all",
      () => this.residents.filter(({ isDone }) => !isDone).map(({ name }) => name),
    );
    await this.#until("everybody to have read everything", async () => {
      const heads = new Map(
        await Promise.all(this.#rooms.map(async (room) => [room, await headOf(store, room)] as const)),
      );
      return this.#places.filter(({ room, position }) => position !== heads.get(room));
    });
    const staying = this.residents.filter((_, index) => index % 3 > 0);
    await Promise.all(this.residents.filter((_, index) => index % 3 === 0).map((resident) => resident.leave()));
    for (const url of this.#arena.instances) await this.#awaitPresence(url, staying);
    const left = await Promise.all(this.#rooms.map((room) => this.#left(store, room, staying)));
    this.entries = left.reduce((sum, { entries }) => sum + entries.length, 0);
    for (const url of this.#arena.instances) {
      const { bytes } = await healthOf(url);
      if (bytes > BYTES_MAX) this.faults.push(`An instance has come to ${Math.round(bytes / 1024 / 1024)} MB.`);
    }
    await Promise.all(staying.map((resident) => resident.leave()));
    this.faults.push(...violations(this.#history, left), ...plainFaults(this.plains, left));
  }

  /** Who is there is told late where an instance was killed; how many sockets there are, too. */
  async #awaitPresence(url: string, staying: readonly Resident[]): Promise<void> {
    await this.#until("each instance to know who is there", async () => {
      const shown = await Promise.all(this.#rooms.map((room) => peopleOf(url, room, this.#token)));
      return this.#rooms.filter((room, index) => shown[index]!.join() !== names(staying, room).join());
    });
    await this.#until("no socket to be left over", async () => {
      const { connections } = await healthOf(url);
      return connections === staying.length ? [] : [{ name: `${connections} for ${staying.length}` }];
    });
  }

  /** Of somebody who may read every room. */
  get #token(): string {
    return this.followers[0]!.account.token;
  }

  async #left(store: Store, room: number, staying: readonly Resident[]): Promise<Left> {
    const { instances } = this.#arena;
    return {
      room,
      entries: await entriesOf(store, room),
      posts: await postsOf(instances.at(-1)!, room, this.#token),
      connected: names(staying, room),
      present: await Promise.all(instances.map((url) => peopleOf(url, room, this.#token))),
      unread: await Promise.all(this.followers.map((follower) => follower.unread(instances[0]!, room))),
    };
  }

  /** Looks until nobody is missing; who still is after a while is a fault. */
  async #until(what: string, missing: () => readonly unknown[] | Promise<readonly unknown[]>): Promise<void> {
    const giveUp = performance.now() + this.#options.patience;
    while (true) {
      const still = await missing();
      if (still.length === 0) return;
      if (performance.now() > giveUp) {
        this.faults.push(`We wait in vain for ${what}: ${still.map((one) => Deno.inspect(one)).join(", ")}.`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  }
}

/** Makes a room, for somebody with an account or for anybody, and tells its id. */
async function make(url: string, room: Record<string, unknown>, owner?: Account): Promise<number> {
  const headers: HeadersInit = owner ? { authorization: `Bearer ${owner.token}` } : {};
  return made.parse(await (await ask(url, { method: "POST", headers, body: JSON.stringify(room) })).json()).id;
}

function nth<T>(several: readonly T[], index: number): T {
  return several[index % several.length]!;
}

function names(residents: readonly Resident[], room: number): string[] {
  return residents.filter(({ places }) => places.some((place) => place.room === room)).map(({ name }) => name).sort();
}
