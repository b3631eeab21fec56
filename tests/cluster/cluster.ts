/**
 * Several instances of the program over one `denokv` server.
 * @module
 */
import { writeClockMap } from "@/tests/cluster/clock_map.ts";
import { type KvServer, startDenokv } from "@/tests/denokv.ts";
import { within } from "@/tests/limits.ts";
import { type Running, start } from "@/tests/process.ts";

const root = new URL("../..", import.meta.url).pathname.slice(0, -1);
/** The program ends sooner by itself, whatever its clients and its store do. */
const END_MS = 20_000;

/** How an instance is started. */
export interface Circumstances {
  /** The folder of the program, where it is not this one. */
  readonly program?: string;
  /** Its `DATA_DIR` has to be there already. */
  readonly env: Readonly<Record<string, string>> & { readonly DATA_DIR: string };
  /** Whether each start is on another port, as that of the last one may be somebody else's by now. */
  readonly moves?: boolean;
}

/** A place for a process: one after the other runs there, on the same port unless it moves. */
export class Instance {
  readonly #circumstances: Circumstances;
  readonly #said: string[] = [];
  #running: Running | undefined;
  #port = "0";

  /** Nothing runs there yet. */
  constructor(circumstances: Circumstances) {
    this.#circumstances = circumstances;
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Whether a process runs there. */
  get runs(): boolean {
    return this.#running !== undefined;
  }

  /** What all that ran there have said; told when a test fails. */
  get said(): readonly string[] {
    return [...this.#said, ...this.#running?.said ?? []];
  }

  /** Starts the program. Resolves once it serves. */
  async start(): Promise<void> {
    const { program = root, env, moves } = this.#circumstances, map = `${env.DATA_DIR}/import_map.json`;
    if (this.#port === "0") await writeClockMap(program, map);
    const settings = { RATE_LIMIT: "off", WORKERS: "1", KV_URL: "", ...env, PORT: moves ? "0" : this.#port };
    const running = this.#running = await start(["--import-map", map, `${program}/main.ts`], settings, program);
    this.#port = new URL(running.url).port;
  }

  /** Sends a signal to the process. */
  signal(signal: Deno.Signal): void {
    this.#running?.kill(signal);
  }

  /** Kills the process with -9. Resolves once it is gone. */
  kill(): Promise<Deno.CommandStatus | undefined> {
    return this.#end("SIGKILL");
  }

  /**
   * Asks the process to end, and tells how it did.
   *
   * @throws {Error} If it does not end.
   */
  async stop(): Promise<{ readonly code: number | undefined }> {
    return { code: (await this.#end("SIGTERM"))?.code };
  }

  async #end(signal: Deno.Signal): Promise<Deno.CommandStatus | undefined> {
    const running = this.#running;
    if (!running) return undefined;
    running.kill(signal);
    try {
      return await within(`the process at ${this.url} to end by ${signal}`, running.ended, END_MS);
    } finally {
      running.kill("SIGKILL");
      this.#running = undefined;
      this.#said.push(...running.said);
    }
  }
}

/** Instances over one store, all gone at the end of the block that holds them. */
export interface Cluster extends AsyncDisposable {
  readonly instances: readonly Instance[];
  /** Where each of them is. */
  readonly urls: readonly [string, string, ...string[]];
  readonly store: KvServer;
}

/** A folder that is gone at the end of the block that holds it. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "hubbub-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Starts so many instances, two at least, over a store of their own. */
export async function startCluster(size: number): Promise<Cluster> {
  const folder = await Deno.makeTempDir({ prefix: "hubbub-" });
  const store = await startDenokv(folder);
  const instances = Array.from({ length: size }, () => new Instance({ env: { DATA_DIR: folder, ...store.env() } }));
  const dispose = async () => {
    await Promise.all(instances.map((instance) => instance.kill()));
    await store[Symbol.asyncDispose]();
    await Deno.remove(folder, { recursive: true });
  };
  try {
    for (const instance of instances) await instance.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  const [one, other, ...more] = instances.map(({ url }) => url);
  return { instances, urls: [one!, other!, ...more], store, [Symbol.asyncDispose]: dispose };
}
