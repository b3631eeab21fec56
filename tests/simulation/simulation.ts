/**
 * A deterministic simulation: a few nodes over one database, writers and readers, and a seed that decides in which order
 * everything happens and what fails. As a program it replays one seed and prints what happens:
 * `deno run -A tests/simulation/simulation.ts <seed>`.
 * @module
 */
import { keys } from "@/lib/store/keys.ts";
import { BLOCK_SIZE } from "@/lib/store/log/dedup_index.ts";
import { put } from "@/lib/store/commit.ts";
import { Database } from "@/tests/simulation/database.ts";
import { Node, type Parts, sound, type World } from "@/tests/simulation/node.ts";
import { Reader, Writer } from "@/tests/simulation/clients.ts";
import { type Owner, Scheduler, settled } from "@/tests/simulation/scheduler.ts";
import { newPost, newRoom } from "@/tests/simulation/operations.ts";
import { Oracle, OUT, signInOf } from "@/tests/simulation/oracle.ts";

/** Called with each thing that happens. */
export type Note = (line: string) => void;

const STEPS = 90;
/** How many of the last entries a reader gets that first connects in the end. */
const LATECOMER = 200;
const NODES = 3;
const ROOMS = [1, 2];
/** More steps than this after the last failure are an endless loop. */
const QUIET_MAX = 20_000;
/** One of this many schedules begins in a room that is long already. */
const LONG_EVERY = 50;
/** Shares of calls that fail. */
const FAILURE_RATES = [0, 0, 0.1, 0.4];
const LONG_PAUSE_MS = 9_000;

/** Runs the schedule of a seed, and returns every promise that was broken, in a sentence each. */
export async function simulate(seed: number, parts: Parts = sound, note: Note = () => undefined): Promise<string[]> {
  const { error } = console;
  // Feeds say when a read has failed, and here they fail all the time.
  console.error = note;
  try {
    const simulation = new Simulation(seed, parts, note);
    await simulation.run();
    await simulation.verify();
    return simulation.violations;
  } finally {
    console.error = error;
  }
}

class Simulation implements Owner {
  readonly name = "the world";
  readonly #world: World;
  readonly #nodes: Node[] = [];
  readonly #writers: Writer[] = [];
  readonly #readers: Reader[] = [];
  readonly #rooms: readonly number[];
  #started = 0;

  constructor(seed: number, parts: Parts, note: Note) {
    const scheduler = new Scheduler(seed, note), oracle = new Oracle();
    const database = new Database(scheduler, (mutations) => oracle.applied(mutations));
    this.#world = { database, scheduler, oracle, parts, failures: { rate: scheduler.pick(FAILURE_RATES)! } };
    this.#rooms = ROOMS.slice(0, 1 + scheduler.below(ROOMS.length));
    const find = () => scheduler.pick(this.#nodes);
    for (let count = 2 + scheduler.below(NODES - 1); count > 0; count--) this.#start();
    for (const digit of ["a", "b", "c"]) this.#writers.push(new Writer(`Writer ${digit}`, digit, this.#world, find));
    const length = scheduler.below(LONG_EVERY) === 0 ? BLOCK_SIZE - 4 : 0;
    for (const room of this.#rooms) this.#prepare(room, length);
    for (let count = 2 + scheduler.below(3); count > 0; count--) {
      const room = scheduler.pick(this.#rooms)!, after = scheduler.happens(0.8) ? length : undefined;
      this.#readers.push(new Reader(`Reader ${count}`, room, after, this.#world, find));
    }
  }

  get violations(): string[] {
    return this.#world.oracle.violations;
  }

  /** Clients act, and everything may fail. */
  async run(): Promise<void> {
    const { scheduler } = this.#world;
    for (const reader of this.#readers) reader.connect();
    for (let step = 0; step < STEPS && this.violations.length === 0; step++) {
      if (scheduler.idle || scheduler.happens(0.3)) this.#act();
      else await scheduler.step();
    }
  }

  /** Lets everything that was begun end without a failure, and holds what is left against the promises. */
  async verify(): Promise<void> {
    const { database, oracle, failures } = this.#world;
    failures.rate = 0;
    await this.#quiet();
    for (const node of this.#nodes) {
      for (const room of this.#rooms) {
        const { length } = oracle.room(room).entries, after = Math.max(0, length - LATECOMER);
        const reader = new Reader(`A latecomer at ${node.name}`, room, after, this.#world, () => node);
        this.#readers.push(reader);
        reader.connect();
      }
    }
    await this.#quiet();
    if (this.violations.length > 0) return;
    oracle.checkDatabase(database);
    for (const { operations } of this.#writers) for (const operation of operations) oracle.checkOperation(operation);
    for (const reader of this.#readers) oracle.checkReading(reader);
    for (const { name, log, feeds } of this.#nodes) {
      for (const [room, feed] of feeds) {
        const { seq } = feed.head, after = Math.max(0, seq - LATECOMER);
        const [remembered, read] = [feed.since(after), log.read(room, after, seq)];
        await this.#quiet();
        if (this.violations.length > 0) return;
        oracle.checkTail(name, room, await remembered, await read);
      }
      let drained = false;
      log.drained().then(() => drained = true);
      await this.#quiet();
      if (!drained) oracle.report(`${name} is never drained.`);
    }
  }

  async #quiet(): Promise<void> {
    const { scheduler, oracle } = this.#world;
    await settled();
    for (let step = 0; !scheduler.idle && this.violations.length === 0; step++) {
      if (step > QUIET_MAX) return oracle.report("It never becomes quiet.");
      await scheduler.step();
    }
  }

  /** A client does something, or something fails. */
  #act(): void {
    const { scheduler, failures } = this.#world, chance = scheduler.below(100);
    const writer = scheduler.pick(this.#writers)!;
    if (chance < 45) writer.begin(scheduler.pick(this.#rooms)!);
    else if (chance < 52) writer.moderate(scheduler.pick(this.#rooms)!, scheduler.pick(this.#writers)!.person);
    else if (chance < 55) this.#signIn(writer, scheduler.happens(0.6));
    else if (chance < 65) writer.repeat();
    else if (chance < 85) scheduler.pick(this.#readers)!.disconnect();
    else if (chance < 90) this.#kill();
    else if (chance < 98) failures.rate = scheduler.pick(FAILURE_RATES)!;
    else scheduler.now += LONG_PAUSE_MS;
  }

  /** Lets a writer in or out, at once. */
  #signIn({ name, person }: Writer, isIn: boolean): void {
    const { scheduler, database } = this.#world;
    scheduler.note(`${name} is ${isIn ? "in" : OUT}`);
    database.apply([], [put(signInOf(person), isIn ? "in" : OUT)]);
  }

  #start(): void {
    this.#nodes.push(new Node(`node ${++this.#started}`, this.#world));
  }

  /** Kills a node, and starts another after a while. */
  #kill(): void {
    const { scheduler } = this.#world, [killed] = this.#nodes.splice(scheduler.below(this.#nodes.length), 1);
    if (!killed) return;
    scheduler.note(`${killed.name} is killed`);
    killed.kill();
    for (const client of [...this.#writers, ...this.#readers]) client.lost(killed);
    scheduler.add(this, "a node starts", () => this.#start());
  }

  /** Makes a room with `length` posts, the last of them by the writers here. */
  #prepare(room: number, length: number): void {
    const { database, scheduler } = this.#world, head = { epoch: `epoch ${room}`, seq: length, posts: length, at: 0 };
    const rows = [put(keys.head(room), head), put(keys.room(room), newRoom(room))];
    for (let seq = 1; seq <= length; seq++) {
      const writer = this.#writers[seq % this.#writers.length]!, name = `old ${seq}`;
      rows.push(put(keys.log(room, seq), [newPost(writer.person, name, name, seq, scheduler.now)]));
      if (seq > length - LATECOMER) writer.add({ kind: "post", name, room, by: writer.person, content: name }, true);
    }
    database.apply([], rows);
  }
}

if (import.meta.main) {
  const violations = await simulate(Number(Deno.args[0]), sound, (line) => console.log(line));
  console.log(violations.length === 0 ? "Every promise was kept." : violations.join("\n"));
  Deno.exit(violations.length === 0 ? 0 : 1);
}
