/**
 * Chaos: people talk while everything goes wrong, and afterwards it is held against the promises.
 * @module
 */
import { Arena, type Layout } from "@/tests/cluster/arena.ts";
import { chance } from "@/tests/cluster/chance.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { Follower } from "@/tests/cluster/follower.ts";
import { type Happened, type Left, violations } from "@/tests/cluster/history.ts";
import { entriesOf, headOf, healthOf, peopleOf, postsOf } from "@/tests/cluster/left.ts";
import { Plain, plainFaults, type Way } from "@/tests/cluster/plain.ts";
import { Recorder, type Surroundings } from "@/tests/cluster/recorder.ts";
import type { Store } from "@/lib/store/store.ts";

/** How much of it. */
export interface Chaos extends Layout {
  readonly seed: number;
  /** What goes wrong. */
  readonly plan: readonly Planned[];
  readonly writers: number;
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
const BYTES_MAX = 700 * 1024 * 1024;
const WAYS: readonly Way[] = ["lobby", "bearer", "rest", "rest with a key"];

/** Runs it, and tells what was broken. */
export async function chaos(options: Chaos): Promise<Outcome> {
  await using arena = await Arena.open(options);
  const crowd = await Crowd.gather(arena, options);
  crowd.talk(options.rate);
  await befall(arena, options.plan, options.onFault);
  crowd.hush();
  await arena.calm();
  const faults = await crowd.settle();
  const { entries, arrivals } = crowd, { fullDisk, said } = arena;
  return { faults, entries, arrivals, fullDisk, said };
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
  readonly recorders: Recorder[] = [];
  readonly plains: Plain[] = [];
  readonly followers: Follower[] = [];
  entries = 0;
  readonly #arena: Arena;
  readonly #random: () => number;
  readonly #rooms: readonly number[];
  readonly #patience: number;
  readonly #history: Happened[] = [];
  readonly #faults: string[] = [];
  #ticker: ReturnType<typeof setInterval> | undefined;

  private constructor(arena: Arena, { seed, patience }: Chaos, rooms: readonly number[]) {
    this.#arena = arena;
    this.#random = chance(seed + 1);
    this.#rooms = rooms;
    this.#patience = patience;
  }

  /** Makes rooms and accounts, and lets everybody come. */
  static async gather(arena: Arena, options: Chaos): Promise<Crowd> {
    const { rooms: count, writers } = options, [door] = arena.instances, rooms = [1];
    for (let room = 2; room <= count; room++) {
      const made = await fetch(`${door}/api/chat/rooms`, {
        method: "POST",
        body: JSON.stringify({ name: `r-${room}` }),
      });
      rooms.push((await made.json()).id);
    }
    const crowd = new Crowd(arena, options, rooms);
    for (let index = 0; index < FOLLOWERS; index++) {
      crowd.followers.push(await Follower.register(door!, `f${index}`, crowd.#around, rooms));
    }
    for (let index = 0; index < writers; index++) crowd.#add(index);
    for (const room of rooms) crowd.recorders.push(new Recorder(`reader${room}`, room, crowd.#around));
    for (const person of [...crowd.recorders, ...crowd.plains]) person.come();
    return crowd;
  }

  /** Of ten writers six can send again; the others speak the older protocols. */
  #add(index: number): void {
    const room = this.#rooms[index % this.#rooms.length]!, way = WAYS[index % 10 - 6];
    if (way === undefined) this.recorders.push(new Recorder(`p${index}`, room, this.#around));
    else if (way !== "bearer") this.plains.push(new Plain(`q${index}`, room, way, this.#around));
    else {
      const { name, token } = this.followers[index % FOLLOWERS]!;
      this.plains.push(new Plain(name, room, way, this.#around, token));
    }
  }

  readonly #around: Surroundings = {
    random: () => this.#random(),
    door: () => {
      const { doors } = this.#arena;
      return doors[Math.floor(this.#random() * doors.length)]!;
    },
    note: (happened) => this.#history.push(happened),
    fault: (sentence) => this.#faults.push(sentence),
  };

  get arrivals(): number {
    return this.recorders.reduce((sum, { arrivals }) => sum + arrivals, 0);
  }

  /** Everybody talks. */
  talk(rate: number): void {
    const talkers = [...this.recorders.filter(({ name }) => !name.startsWith("reader")), ...this.plains];
    this.#ticker = setInterval(() => {
      const talker = talkers[Math.floor(this.#random() * talkers.length)]!, chosen = this.#random();
      if (talker instanceof Recorder && chosen < 0.15) talker.meddle();
      else talker.say();
      if (chosen > 0.99) this.recorders[Math.floor(this.#random() * this.recorders.length)]!.stumble();
      if (chosen > 0.95) this.#follow();
    }, 1_000 / rate);
  }

  #follow(): void {
    const follower = this.followers[Math.floor(this.#random() * FOLLOWERS)]!;
    const { room, position = 0 } = this.recorders[Math.floor(this.#random() * this.recorders.length)]!;
    follower.read(room, Math.floor(position * this.#random()));
  }

  /** Everybody falls silent. */
  hush(): void {
    clearInterval(this.#ticker);
  }

  /** Waits until all is quiet, lets some go, and holds everything against the promises. */
  async settle(): Promise<string[]> {
    await using store = await this.#arena.openStore();
    await Promise.all([...this.plains, ...this.followers].map((person) => person.settle()));
    await Promise.all(this.plains.map((plain) => plain.leave()));
    await this.#until(
      "everybody to be back with an answer to all",
      () => this.recorders.filter(({ isDone }) => !isDone),
    );
    await this.#until("everybody to have read everything", async () => {
      const heads = new Map(
        await Promise.all(this.#rooms.map(async (room) => [room, await headOf(store, room)] as const)),
      );
      return this.recorders.filter(({ room, position }) => position !== heads.get(room));
    });
    const staying = this.recorders.filter((_, index) => index % 3 > 0);
    await Promise.all(this.recorders.filter((_, index) => index % 3 === 0).map((recorder) => recorder.leave()));
    for (const url of this.#arena.instances) await this.#awaitPresence(url, staying);
    const left = await Promise.all(this.#rooms.map((room) => this.#left(store, room, staying)));
    this.entries = left.reduce((sum, { entries }) => sum + entries.length, 0);
    for (const url of this.#arena.instances) {
      const { bytes } = await healthOf(url);
      if (bytes > BYTES_MAX) this.#faults.push(`An instance has come to ${Math.round(bytes / 1024 / 1024)} MB.`);
    }
    await Promise.all(staying.map((recorder) => recorder.leave()));
    return [...this.#faults, ...violations(this.#history, left), ...plainFaults(this.plains, left)];
  }

  /** Who is there is told late where an instance was killed; how many sockets there are, too. */
  async #awaitPresence(url: string, staying: readonly Recorder[]): Promise<void> {
    await this.#until("each instance to know who is there", async () => {
      const shown = await Promise.all(this.#rooms.map((room) => peopleOf(url, room)));
      return this.#rooms.filter((room, index) => shown[index]!.join() !== names(staying, room).join());
    });
    await this.#until("no socket to be left over", async () => {
      const { connections } = await healthOf(url);
      return connections === staying.length ? [] : [{ name: `${connections} for ${staying.length}` }];
    });
  }

  async #left(store: Store, room: number, staying: readonly Recorder[]): Promise<Left> {
    const { instances } = this.#arena;
    return {
      room,
      entries: await entriesOf(store, room),
      posts: await postsOf(instances.at(-1)!, room),
      connected: names(staying, room),
      present: await Promise.all(instances.map((url) => peopleOf(url, room))),
      unread: await Promise.all(this.followers.map((follower) => follower.unread(instances[0]!, room))),
    };
  }

  /** Looks until nobody is missing; who still is after a while is a fault. */
  async #until(what: string, missing: () => readonly unknown[] | Promise<readonly unknown[]>): Promise<void> {
    const giveUp = performance.now() + this.#patience;
    while (true) {
      const still = await missing();
      if (still.length === 0) return;
      if (performance.now() > giveUp) {
        const who = still.map((one) =>
          one instanceof Recorder ? `${one.name} (at ${one.position})` : Deno.inspect(one)
        );
        this.#faults.push(`We wait in vain for ${what}: ${who.join(", ")}.`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
    }
  }
}

function names(recorders: readonly Recorder[], room: number): string[] {
  return recorders.filter((recorder) => recorder.room === room).map(({ name }) => name).sort();
}
