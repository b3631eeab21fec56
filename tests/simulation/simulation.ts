/**
 * A few processes over one store, some who write and some who read, and a seed that decides in which order everything
 * happens and what fails. As a program it replays one seed and tells what happens:
 * `deno run -A tests/simulation/simulation.ts <seed>`.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { BLOCK_SIZE } from "@/lib/store/log/dedup_index.ts";
import { put } from "@/lib/store/commit.ts";
import { Disk } from "@/tests/simulation/disk.ts";
import { Instance, type Parts, sound, type World } from "@/tests/simulation/instance.ts";
import { Reader, Writer } from "@/tests/simulation/people.ts";
import { type Owner, Scheduler, settled } from "@/tests/simulation/scheduler.ts";
import { newPost, newRoom } from "@/tests/simulation/operations.ts";
import { Witness } from "@/tests/simulation/oracle.ts";

/** Told each thing that happens. */
export type Note = (line: string) => void;

const STEPS = 90;
/** How many of the last entries somebody reads who comes at the end. */
const LATECOMER = 200;
const INSTANCES = 3;
const ROOMS = [1, 2];
/** With so many steps after the storm something goes round in circles. */
const CALM_MAX = 20_000;
/** One schedule in so many begins in a room that is long already. */
const LONG_EVERY = 50;
/** Shares of calls that fail. */
const WEATHERS = [0, 0, 0.1, 0.4];
const LONG_PAUSE_MS = 9_000;

/** Runs the schedule of a seed, and returns what was wrong, in sentences. */
export async function simulate(seed: number, parts: Parts = sound, note: Note = () => undefined): Promise<string[]> {
  const { error } = console;
  // Feeds say when a read has failed, and here they fail all the time.
  console.error = note;
  try {
    const simulation = new Simulation(seed, parts, note);
    await simulation.storm();
    await simulation.calm();
    return simulation.faults;
  } finally {
    console.error = error;
  }
}

class Simulation implements Owner {
  readonly name = "the world";
  readonly #world: World;
  readonly #instances: Instance[] = [];
  readonly #writers: Writer[] = [];
  readonly #readers: Reader[] = [];
  readonly #rooms: readonly number[];
  #born = 0;

  constructor(seed: number, parts: Parts, note: Note) {
    const scheduler = new Scheduler(seed, note), witness = new Witness();
    const disk = new Disk(scheduler, (mutations) => witness.applied(mutations));
    this.#world = { disk, scheduler, witness, parts, weather: { failing: scheduler.pick(WEATHERS)! } };
    this.#rooms = ROOMS.slice(0, 1 + scheduler.below(ROOMS.length));
    const find = () => scheduler.pick(this.#instances);
    for (let count = 2 + scheduler.below(INSTANCES - 1); count > 0; count--) this.#bear();
    for (const digit of ["a", "b", "c"]) this.#writers.push(new Writer(`Writer ${digit}`, digit, this.#world, find));
    const length = scheduler.below(LONG_EVERY) === 0 ? BLOCK_SIZE - 4 : 0;
    for (const room of this.#rooms) this.#prepare(room, length);
    for (let count = 2 + scheduler.below(3); count > 0; count--) {
      const room = scheduler.pick(this.#rooms)!, after = scheduler.happens(0.8) ? length : undefined;
      this.#readers.push(new Reader(`Reader ${count}`, room, after, this.#world, find));
    }
  }

  get faults(): string[] {
    return this.#world.witness.faults;
  }

  /** Everybody acts, and everything may fail. */
  async storm(): Promise<void> {
    const { scheduler } = this.#world;
    for (const reader of this.#readers) reader.connect();
    for (let step = 0; step < STEPS && this.faults.length === 0; step++) {
      if (scheduler.calm || scheduler.happens(0.3)) this.#act();
      else await scheduler.step();
    }
  }

  /** Nothing fails any more, and all that was begun ends; then everybody has everything. */
  async calm(): Promise<void> {
    const { disk, witness, weather } = this.#world;
    weather.failing = 0;
    await this.#quiet();
    for (const instance of this.#instances) {
      for (const room of this.#rooms) {
        const { length } = witness.room(room).entries, after = Math.max(0, length - LATECOMER);
        const reader = new Reader(`A latecomer at ${instance.name}`, room, after, this.#world, () => instance);
        this.#readers.push(reader);
        reader.connect();
      }
    }
    await this.#quiet();
    if (this.faults.length > 0) return;
    witness.checkDisk(disk);
    for (const { wishes } of this.#writers) for (const wish of wishes) witness.checkWish(wish);
    for (const reader of this.#readers) witness.checkReading(reader);
    for (const { name, log, feeds } of this.#instances) {
      for (const [room, feed] of feeds) {
        const { seq } = feed.head, after = Math.max(0, seq - LATECOMER);
        const [remembered, read] = [feed.since(after), log.read(room, after, seq)];
        await this.#quiet();
        if (this.faults.length > 0) return;
        witness.checkTail(name, room, await remembered, await read);
      }
      let drained = false;
      log.drained().then(() => drained = true);
      await this.#quiet();
      if (!drained) witness.fault(`${name} never comes to rest.`);
    }
  }

  async #quiet(): Promise<void> {
    const { scheduler, witness } = this.#world;
    await settled();
    for (let step = 0; !scheduler.calm && this.faults.length === 0; step++) {
      if (step > CALM_MAX) return witness.fault("It never becomes quiet.");
      await scheduler.step();
    }
  }

  /** Somebody does something, or something befalls them. */
  #act(): void {
    const { scheduler, weather } = this.#world, chance = scheduler.below(100);
    const writer = scheduler.pick(this.#writers)!;
    if (chance < 55) writer.begin(scheduler.pick(this.#rooms)!);
    else if (chance < 65) writer.repeat();
    else if (chance < 85) scheduler.pick(this.#readers)!.disconnect();
    else if (chance < 90) this.#kill();
    else if (chance < 98) weather.failing = scheduler.pick(WEATHERS)!;
    else scheduler.now += LONG_PAUSE_MS;
  }

  #bear(): void {
    this.#instances.push(new Instance(`instance ${++this.#born}`, this.#world));
  }

  /** A process is killed, and another takes its place after a while. */
  #kill(): void {
    const { scheduler } = this.#world, [killed] = this.#instances.splice(scheduler.below(this.#instances.length), 1);
    if (!killed) return;
    scheduler.note(`${killed.name} is killed`);
    killed.kill();
    for (const person of [...this.#writers, ...this.#readers]) person.lost(killed);
    scheduler.add(this, "an instance is born", () => this.#bear());
  }

  /** A room with so many posts in it, the last of them by those who write here. */
  #prepare(room: number, length: number): void {
    const { disk, scheduler } = this.#world, head = { epoch: `epoch ${room}`, seq: length, posts: length, at: 0 };
    const rows = [put(keys.head(room), head), put(keys.room(room), newRoom(room))];
    for (let seq = 1; seq <= length; seq++) {
      const writer = this.#writers[seq % this.#writers.length]!, name = `old ${seq}`;
      rows.push(put(keys.log(room, seq), [newPost(writer.person, name, name, seq, scheduler.now)]));
      if (seq > length - LATECOMER) writer.add({ kind: "post", name, room, by: writer.person, content: name }, true);
    }
    disk.apply([], rows);
  }
}

if (import.meta.main) {
  const faults = await simulate(Number(Deno.args[0]), sound, (line) => console.log(line));
  console.log(faults.length === 0 ? "Nothing is wrong." : faults.join("\n"));
  Deno.exit(faults.length === 0 ? 0 : 1);
}
