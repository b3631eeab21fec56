/**
 * Worker isolates: more of this process that serve on the same port. A worker says hello once it can listen, so that no
 * message to it is lost; it is then started, and later stopped.
 * @module
 */
import { cpuUsage } from "node:process";
import { type Config, readConfig, readLogFormat } from "@/lib/config.ts";
import { logger, setLogFormat } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { serve } from "@/lib/server/isolate.ts";
import { hasRoom } from "@/lib/server/listener.ts";

/** How often the CPU time is looked at, in milliseconds, and the share of it from which on isolates are busy. */
const CHECK_MS = 1_000;
const BUSY = 0.5;
/** A single busy check can be a few sign-ins; this many in a row are load. */
const BUSY_CHECKS = 4;
/** Files that an isolate opens. Without them the runtime ends the process. */
const FILES_PER_WORKER = 64;

/** What a worker is started with. */
interface Start {
  readonly port: number;
  /** When the process began, in milliseconds since 1970. */
  readonly startedAt: number;
}

type Said = "hello" | "ready" | "stopped";

/** The workers of this process. */
export class Workers {
  readonly #workers: WorkerIsolate[] = [];
  readonly #port: number;

  /** @param port The port that all isolates share. */
  constructor(port: number) {
    this.#port = port;
  }

  /** How many isolates serve, this one among them. */
  get isolates(): number {
    return this.#workers.length + 1;
  }

  /** Adds workers. Resolves once they serve. */
  async add(count: number): Promise<void> {
    const added = Array.from({ length: count }, () => new WorkerIsolate(this.#port));
    this.#workers.push(...added);
    await Promise.all(added.map(({ ready }) => ready));
  }

  /** Adds workers, which cost 40 MB each, up to `most` isolates while those that serve are busy. */
  growWhenBusy(most: number): void {
    let before = cpuUsage(), busyChecks = 0;
    const timer = setInterval(() => {
      const { user, system } = cpuUsage(before);
      before = cpuUsage();
      busyChecks = (user + system) / 1_000 > BUSY * this.isolates * CHECK_MS ? busyChecks + 1 : 0;
      if (this.isolates >= most) return clearInterval(timer);
      if (busyChecks < BUSY_CHECKS || !hasRoom(FILES_PER_WORKER)) return;
      busyChecks = 0;
      this.add(1);
      logger.info("Another isolate begins to serve", { isolates: this.isolates });
    }, CHECK_MS);
    Deno.unrefTimer(timer);
  }

  /** Stops all workers. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}

/** A worker, seen from the isolate that starts it. */
class WorkerIsolate {
  /** Resolves once it serves. */
  readonly ready: Promise<void>;
  readonly #worker = new Worker(Deno.mainModule, { type: "module" });
  readonly #said = {
    hello: Promise.withResolvers<void>(),
    ready: Promise.withResolvers<void>(),
    stopped: Promise.withResolvers<void>(),
  };

  constructor(port: number) {
    this.ready = this.#said.ready.promise;
    this.#worker.onmessage = ({ data }: MessageEvent<Said>) => this.#said[data].resolve();
    this.#start({ port, startedAt: metrics.startedAt });
  }

  async #start(start: Start): Promise<void> {
    await this.#said.hello.promise;
    this.#worker.postMessage(start);
  }

  async stop(): Promise<void> {
    await this.ready;
    this.#worker.postMessage("stop");
    await this.#said.stopped.promise;
    this.#worker.terminate();
  }
}

/** Runs the program in a worker. */
export function runWorker(): void {
  setLogFormat(readLogFormat());
  const say = (said: Said) => self.postMessage(said);
  self.onmessage = async ({ data: { port, startedAt } }: MessageEvent<Start>) => {
    metrics.startedAt = startedAt;
    const config: Config = { ...readConfig(), port };
    const { stop } = await serve(config);
    self.onmessage = async () => {
      await stop();
      say("stopped");
    };
    say("ready");
  };
  say("hello");
}
