/**
 * Several instances of the program over one `denokv` server.
 * @module
 */
import { type ModuleOverrides, writeImportMap } from "@/tests/cluster/module_overrides.ts";
import { type KvServer, startDenokv } from "@/tests/denokv.ts";
import { within } from "@/tests/limits.ts";
import { type Running, start } from "@/tests/process.ts";

const root = new URL("../..", import.meta.url).pathname.slice(0, -1);
/** The program ends sooner by itself, whatever its clients and its store do. */
const END_MS = 20_000;
const CLOCK = { "@/lib/logger.ts": new URL("./clock.ts", import.meta.url).href };

/** How an instance is started. */
export interface InstanceOptions {
  /** Its `DATA_DIR` has to exist. */
  readonly env: Readonly<Record<string, string>> & { readonly DATA_DIR: string };
  /** Whether each start takes another port, as another process may have taken the last one by then. */
  readonly moves?: boolean;
  readonly overrides?: ModuleOverrides | undefined;
}

/** An instance of the program, of which one process after the other runs, on the same port unless it moves. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #printed: string[] = [];
  /** Instances may share a folder. */
  readonly #id = crypto.randomUUID();
  #running: Running | undefined;
  #port = "0";

  /** No process runs yet. */
  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What its processes have printed. */
  get printed(): readonly string[] {
    return [...this.#printed, ...this.#running?.printed ?? []];
  }

  /** Starts a process. Resolves once it serves. */
  async start(): Promise<void> {
    const { env, moves, overrides } = this.#options, map = `${env.DATA_DIR}/import_map_${this.#id}.json`;
    if (this.#port === "0") await writeImportMap(map, { ...CLOCK, ...overrides });
    const settings = { RATE_LIMIT: "off", WORKERS: "1", KV_URL: "", ...env, PORT: moves ? "0" : this.#port };
    const running = this.#running = await start(["--import-map", map, `${root}/main.ts`], settings);
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
   * Asks the process to end, and returns its exit code.
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
      this.#printed.push(...running.printed);
    }
  }
}

/** Instances over one store, all gone at the end of the block that holds them. */
export interface Cluster extends AsyncDisposable {
  readonly instances: readonly Instance[];
  readonly urls: readonly [string, string, ...string[]];
  readonly store: KvServer;
}

/**
 * A folder that is gone at the end of the block that holds it.
 *
 * @param preferred Where it is made if that exists.
 */
export async function temporaryFolder(preferred?: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const prefix = "hubbub-";
  const path = await Deno.makeTempDir({ dir: preferred, prefix }).catch(() => Deno.makeTempDir({ prefix }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Starts instances over a store of their own. @param size Two at least. */
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
    await Promise.all(instances.map((instance) => instance.start()));
  } catch (error) {
    await dispose();
    throw error;
  }
  const [one, other, ...more] = instances.map(({ url }) => url);
  return { instances, urls: [one!, other!, ...more], store, [Symbol.asyncDispose]: dispose };
}
