/**
 * The program under test with everything around it that can fail: instances, their store and its disk, and the proxies
 * between clients, instances and the store.
 * @module
 */
import { Store } from "@/lib/store/kv.ts";
import { Instance } from "@/tests/cluster/cluster.ts";
import { type Disk, openDisk } from "@/tests/cluster/disk.ts";
import type { Fault, Side } from "@/tests/cluster/faults.ts";
import { FaultyProxy } from "@/tests/cluster/faulty_proxy.ts";
import type { ModuleOverrides } from "@/tests/cluster/module_overrides.ts";
import { type KvServer, startDenokv } from "@/tests/denokv.ts";
import { eventually, sentence, within } from "@/tests/limits.ts";
import { openStore } from "@/lib/store/open.ts";

/** The last faults are healed one after the other. */
const HEAL_MS = 150_000;
/** Longer than a chaos of hours, whose clocks jump. */
const TTL_S = 30 * 24 * 3_600;

/** What is started. */
export interface Layout {
  /** A `denokv` server under all instances; or one process with two isolates over its own file. */
  readonly store: "denokv" | "embedded";
  readonly instances: number;
  readonly overrides?: ModuleOverrides | undefined;
}

interface Node {
  readonly instance: Instance;
  /** Between clients and the instance. */
  readonly clients: FaultyProxy;
  /** Between the instance and the store, where that is a server. */
  readonly store: FaultyProxy | undefined;
  /** Faults of the process come one after the other: this resolves once the last is healed. */
  healed: Promise<void>;
}

/** Everything, running; gone at the end of the block that holds it. */
export class Harness implements AsyncDisposable {
  readonly #disk: Disk;
  readonly #server: KvServer | undefined;
  readonly #nodes: Node[] = [];
  readonly #healing = new Set<Promise<void>>();
  readonly #failures = new Set<string>();
  #serverHealed: Promise<void> = Promise.resolve();

  private constructor(disk: Disk, server: KvServer | undefined) {
    this.#disk = disk;
    this.#server = server;
  }

  /** Starts everything. */
  static async open({ store, instances, overrides }: Layout): Promise<Harness> {
    let server: KvServer | undefined;
    const disk = await openDisk(store === "denokv" ? () => server!.pid : undefined);
    if (store === "denokv") server = await startDenokv(disk.path);
    const harness = new Harness(disk, server);
    try {
      for (let index = 0; index < instances; index++) await harness.#add(overrides);
    } catch (error) {
      await harness[Symbol.asyncDispose]();
      throw error;
    }
    return harness;
  }

  async #add(overrides: ModuleOverrides | undefined): Promise<void> {
    const store = this.#server && new FaultyProxy(this.#server.url), workers = store ? "1" : "2";
    const env = { DATA_DIR: this.#disk.path, WORKERS: workers, ACCESS_TOKEN_TTL: `${TTL_S}`, GUESTS: "full" };
    const instance = new Instance({
      env: { ...env, ...(store && this.#server?.env(store.url)) },
      moves: true,
      overrides,
    });
    await instance.start();
    this.#nodes.push({ instance, clients: new FaultyProxy(instance.url), store, healed: Promise.resolve() });
  }

  /** How the disk is made full; null where that is not possible. */
  get fullDisk(): string | null {
    return this.#disk.means;
  }

  /** What could not be healed, in a sentence each. */
  get failures(): readonly string[] {
    return [...this.#failures];
  }

  /** The addresses for clients. */
  get addresses(): readonly string[] {
    return this.#nodes.map(({ clients }) => clients.url);
  }

  /** The addresses of the instances themselves, past all proxies. */
  get instances(): readonly string[] {
    return this.#nodes.map(({ instance }) => instance.url);
  }

  /** What the instances have printed. */
  get printed(): string {
    return this.#nodes.map(({ instance }) => instance.printed.join("")).join("\n");
  }

  /** Opens the store for an oracle. */
  openStore(): Promise<Store> {
    return openStore(this.#server?.url ?? `${this.#disk.path}/hubbub.sqlite`);
  }

  /** Injects a fault, and heals it in time. */
  inject(fault: Fault): void {
    const healing = this.#inject(fault).catch((error) => void this.#failures.add(sentence(error)))
      .finally(() => this.#healing.delete(healing));
    this.#healing.add(healing);
  }

  async #inject(fault: Fault): Promise<void> {
    switch (fault.type) {
      case "kill store":
        return await (this.#serverHealed = this.#serverHealed.then(() => this.#restartStore(fault.lasts)));
      case "freeze store":
        return await (this.#serverHealed = this.#serverHealed.then(() => this.#freezeStore(fault.lasts)));
      case "full disk":
        await this.#disk.fill();
        await sleep(fault.lasts);
        return await this.#disk.free();
      case "kill":
      case "replace":
      case "freeze":
      case "clock": {
        const node = this.#nodes[fault.instance]!;
        return await (node.healed = node.healed.then(() => injectIntoProcess(node, fault)));
      }
      default:
        return await injectIntoNetwork(this.#nodes[fault.instance]!, fault);
    }
  }

  async #restartStore(pause: number): Promise<void> {
    const server = this.#server;
    if (!server) return;
    await server.kill();
    await sleep(pause);
    // Its disk may be full, and another process may have its port by now.
    await eventually("the store to come back", () => server.start("elsewhere"));
    for (const { store } of this.#nodes) if (store) store.target = server.url;
  }

  async #freezeStore(lasts: number): Promise<void> {
    this.#server?.signal("SIGSTOP");
    await sleep(lasts);
    this.#server?.signal("SIGCONT");
  }

  /**
   * Heals everything. Resolves once all instances run.
   *
   * @throws {Error} If that takes too long; {@link failures} may say why.
   */
  async heal(): Promise<void> {
    await within("every fault to be healed", Promise.all(this.#healing), HEAL_MS);
    for (const { clients, store } of this.#nodes) {
      await clients.heal();
      await store?.heal();
    }
  }

  /** Ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map(async ({ instance, clients, store }) => {
      await clients[Symbol.asyncDispose]();
      await store?.[Symbol.asyncDispose]();
      await instance.kill();
    }));
    await this.#server?.[Symbol.asyncDispose]();
    await this.#disk[Symbol.asyncDispose]();
  }
}

type ProcessFault = Extract<Fault, { type: "kill" | "replace" | "freeze" | "clock" }>;
type NetworkFault = Extract<Fault, { type: "cut" | "refuse" | "stall" | "delay" | "reorder" }>;

async function injectIntoProcess(node: Node, fault: ProcessFault): Promise<void> {
  const { instance } = node;
  switch (fault.type) {
    case "kill":
      await instance.kill();
      await sleep(fault.lasts);
      return await restart(node);
    case "replace":
      await instance.stop();
      return await restart(node);
    case "freeze":
      instance.signal("SIGSTOP");
      await sleep(fault.lasts);
      return instance.signal("SIGCONT");
    case "clock":
      return instance.signal(fault.forward ? "SIGUSR2" : "SIGWINCH");
  }
}

async function injectIntoNetwork({ clients, store }: Node, fault: NetworkFault): Promise<void> {
  if (fault.type === "refuse") return clients.refuse(fault.count);
  if (fault.type === "reorder") {
    clients.hold();
    await sleep(fault.lasts);
    return await clients.admit();
  }
  const sides: Record<Side, FaultyProxy | undefined> = { clients, store }, proxy = sides[fault.side];
  if (!proxy) return;
  switch (fault.type) {
    case "cut": {
      // Their order is random enough.
      let index = 0;
      return proxy.cut(fault.how, () => index++ % 10 < fault.share * 10);
    }
    case "stall":
      proxy.stall();
      await sleep(fault.lasts);
      return proxy.resume();
    case "delay":
      proxy.delay = fault.by;
      await sleep(fault.lasts);
      proxy.delay = 0;
  }
}

/** A process cannot start while its store is away, or its disk is full. */
async function restart({ instance, clients }: Node): Promise<void> {
  const { url } = instance;
  await eventually(`the instance at ${url} to come back`, () => instance.start());
  clients.target = instance.url;
}

/** How long a fault lasts is part of the plan. */
function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
