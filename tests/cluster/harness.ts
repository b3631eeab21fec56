/**
 * A place where everything can go wrong: instances of the program, their store, and a network of wires between people,
 * instances and the store.
 * @module
 */
import { Store } from "@/lib/store/kv.ts";
import { Instance } from "@/tests/cluster/cluster.ts";
import { type Disk, openDisk } from "@/tests/cluster/disk.ts";
import type { Fault, Side } from "@/tests/cluster/faults.ts";
import { Wire } from "@/tests/cluster/wire.ts";
import { type KvServer, startDenokv } from "@/tests/denokv.ts";
import { eventually, sentence, within } from "@/tests/limits.ts";
import { openStore } from "@/lib/store/open.ts";

/** What goes wrong last and is put right again does so one after the other. */
const CALM_MS = 150_000;
/** Longer than a chaos of hours, whose clocks jump. */
const TTL_S = 30 * 24 * 3_600;

/** What stands where. */
export interface Layout {
  /** A `denokv` server and so many instances; or one process with two isolates over its own file. */
  readonly store: "denokv" | "embedded";
  readonly instances: number;
  /** The folder of the program, where it is not this one. */
  readonly program?: string;
}

interface Place {
  readonly instance: Instance;
  /** From people to the instance. */
  readonly people: Wire;
  /** From the instance to the store, where that is a server. */
  readonly store: Wire | undefined;
  /** What is done to the process comes one after the other. */
  turn: Promise<void>;
}

/** Everything, running; gone at the end of the block that holds it. */
export class Arena implements AsyncDisposable {
  readonly #disk: Disk;
  readonly #server: KvServer | undefined;
  readonly #places: Place[] = [];
  readonly #healing = new Set<Promise<void>>();
  readonly #faults = new Set<string>();
  #serverTurn: Promise<void> = Promise.resolve();

  private constructor(disk: Disk, server: KvServer | undefined) {
    this.#disk = disk;
    this.#server = server;
  }

  /** Starts everything. */
  static async open({ store, instances, program }: Layout): Promise<Arena> {
    let server: KvServer | undefined;
    const disk = await openDisk(store === "denokv" ? () => server!.pid : undefined);
    if (store === "denokv") server = await startDenokv(disk.path);
    const arena = new Arena(disk, server);
    try {
      for (let index = 0; index < instances; index++) await arena.#build(program);
    } catch (error) {
      await arena[Symbol.asyncDispose]();
      throw error;
    }
    return arena;
  }

  async #build(program?: string): Promise<void> {
    const store = this.#server && new Wire(this.#server.url);
    const workers = store ? "1" : "2";
    const env = { DATA_DIR: this.#disk.path, WORKERS: workers, ACCESS_TOKEN_TTL: `${TTL_S}`, GUESTS: "full" };
    const instance = new Instance({
      env: { ...env, ...(store && this.#server?.env(store.url)) },
      moves: true,
      ...(program === undefined ? {} : { program }),
    });
    await instance.start();
    this.#places.push({ instance, people: new Wire(instance.url), store, turn: Promise.resolve() });
  }

  /** How the disk is made full; null where it cannot be. */
  get fullDisk(): string | null {
    return this.#disk.means;
  }

  /** What could not be put right again, in a sentence each. */
  get faults(): readonly string[] {
    return [...this.#faults];
  }

  /** Where people knock. */
  get doors(): readonly string[] {
    return this.#places.map(({ people }) => people.url);
  }

  /** The instances themselves, past all wires. */
  get instances(): readonly string[] {
    return this.#places.map(({ instance }) => instance.url);
  }

  /** What the instances have said, when something is wrong with them. */
  get said(): string {
    return this.#places.map(({ instance }) => instance.said.join("")).join("\n");
  }

  /** Opens the store for whoever wants to see what is in it. */
  openStore(): Promise<Store> {
    this.#server?.unlock();
    return openStore(this.#server?.url ?? `${this.#disk.path}/hubbub.sqlite`);
  }

  /** Lets something go wrong, and puts it right again in time. */
  suffer(fault: Fault): void {
    const healing = this.#befall(fault).catch((error) => void this.#faults.add(sentence(error)))
      .finally(() => this.#healing.delete(healing));
    this.#healing.add(healing);
  }

  async #befall(fault: Fault): Promise<void> {
    switch (fault.type) {
      case "kill store":
        return await (this.#serverTurn = this.#serverTurn.then(() => this.#restartStore(fault.lasts)));
      case "freeze store":
        return await (this.#serverTurn = this.#serverTurn.then(() => this.#freezeStore(fault.lasts)));
      case "full disk":
        await this.#disk.fill();
        await sleep(fault.lasts);
        return await this.#disk.free();
    }
    const place = this.#places[fault.instance]!, { instance, people } = place;
    switch (fault.type) {
      case "kill":
        return await this.#takeTurn(place, async () => {
          await instance.kill();
          await sleep(fault.lasts);
          await revive(place);
        });
      case "replace":
        return await this.#takeTurn(place, async () => {
          await instance.stop();
          await revive(place);
        });
      case "freeze":
        return await this.#takeTurn(place, async () => {
          instance.signal("SIGSTOP");
          await sleep(fault.lasts);
          instance.signal("SIGCONT");
        });
      case "clock":
        return await this.#takeTurn(place, () => {
          instance.signal(fault.forward ? "SIGUSR2" : "SIGWINCH");
          return Promise.resolve();
        });
      case "refuse":
        return people.refuse(fault.count);
      case "jumble":
        people.hold();
        await sleep(fault.lasts);
        return await people.admit();
      case "cut": {
        // Which of them is as good as chance: nobody can say in which order they came.
        let nth = 0;
        return wireOf(place, fault.side)?.cut(fault.how, () => nth++ % 10 < fault.share * 10);
      }
      case "silence":
        wireOf(place, fault.side)?.hush();
        await sleep(fault.lasts);
        return wireOf(place, fault.side)?.speak();
      case "delay":
        return await withDelay(wireOf(place, fault.side), fault.by, fault.lasts);
    }
  }

  async #takeTurn(place: Place, act: () => Promise<void>): Promise<void> {
    await (place.turn = place.turn.then(act));
  }

  async #restartStore(pause: number): Promise<void> {
    const server = this.#server;
    if (!server) return;
    await server.kill();
    await sleep(pause);
    // What it ran on may be full, and its port somebody else's by now.
    await eventually("the store to come back", () => server.start("elsewhere"));
    for (const { store } of this.#places) if (store) store.target = server.url;
  }

  async #freezeStore(lasts: number): Promise<void> {
    this.#server?.signal("SIGSTOP");
    await sleep(lasts);
    this.#server?.signal("SIGCONT");
  }

  /**
   * Puts everything right. Resolves once all instances run.
   *
   * @throws {Error} If something takes too long; {@link faults} may tell why.
   */
  async calm(): Promise<void> {
    await within("everything to be put right", Promise.all(this.#healing), CALM_MS);
    for (const { people, store } of this.#places) {
      await people.heal();
      await store?.heal();
    }
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { instance, people, store } of this.#places) {
      await people[Symbol.asyncDispose]();
      await store?.[Symbol.asyncDispose]();
      await instance.kill();
    }
    await this.#server?.[Symbol.asyncDispose]();
    await this.#disk[Symbol.asyncDispose]();
  }
}

function wireOf({ people, store }: Place, side: Side): Wire | undefined {
  return side === "people" ? people : store;
}

async function withDelay(wire: Wire | undefined, by: number, lasts: number): Promise<void> {
  if (!wire) return;
  wire.delay = by;
  await sleep(lasts);
  wire.delay = 0;
}

/** A process cannot start while its store is away, or its disk is full. */
async function revive({ instance, people }: Place): Promise<void> {
  const { url } = instance;
  await eventually(`the instance at ${url} to come back`, () => instance.start());
  people.target = instance.url;
}

/** How long what goes wrong lasts is part of the plan. */
function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
