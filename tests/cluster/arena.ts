/**
 * A place where everything can go wrong: instances of the program, their store, and a network of wires between people,
 * instances and the store.
 * @module
 */
import { Store } from "@/lib/store/store.ts";
import { Instance } from "@/tests/cluster/cluster.ts";
import { type Disk, openDisk } from "@/tests/cluster/disk.ts";
import type { Fault, Side } from "@/tests/cluster/faults.ts";
import { Wire } from "@/tests/cluster/wire.ts";
import { type KvServer, startDenokv } from "@/tests/denokv.ts";

const AGAIN_MS = 300;
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
      ...(program === undefined ? {} : { program }),
    });
    await instance.start();
    this.#places.push({ instance, people: new Wire(instance.url), store, turn: Promise.resolve() });
  }

  /** How the disk is made full; null where it cannot be. */
  get fullDisk(): string | null {
    return this.#disk.means;
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
    return Store.open(this.#server?.url ?? `${this.#disk.path}/hubbub.sqlite`);
  }

  /** Lets something go wrong, and puts it right again in time. */
  suffer(fault: Fault): void {
    const healing = this.#befall(fault).finally(() => this.#healing.delete(healing));
    this.#healing.add(healing);
  }

  async #befall(fault: Fault): Promise<void> {
    switch (fault.type) {
      case "kill store":
        return await (this.#serverTurn = this.#serverTurn.then(() => this.#restartStore(fault.lasts)));
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
          await revive(instance);
        });
      case "replace":
        return await this.#takeTurn(place, async () => {
          await instance.stop();
          await revive(instance);
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
    await this.#server?.kill();
    await sleep(pause);
    // What it ran on may be full.
    while (true) {
      try {
        return await this.#server?.start();
      } catch {
        await sleep(AGAIN_MS);
      }
    }
  }

  /** Puts everything right. Resolves once all instances run. */
  async calm(): Promise<void> {
    await Promise.all(this.#healing);
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
async function revive(instance: Instance): Promise<void> {
  while (true) {
    try {
      return await instance.start();
    } catch {
      await sleep(AGAIN_MS);
    }
  }
}

/** How long what goes wrong lasts is part of the plan. */
function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
