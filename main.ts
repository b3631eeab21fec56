/**
 * The program: settings, store, app, serve. `deno task start`, the compiled binary and Deno Deploy all run this file.
 * @module
 */
import { cpuUsage } from "node:process";
import { App, staticFiles } from "fresh";
import { makeDemo } from "@/lib/chat/demo.ts";
import { type Config, readConfig, readLogFormat } from "@/lib/config.ts";
import { problem, withoutSlash } from "@/lib/http/api.ts";
import { withSecurityHeaders } from "@/lib/http/headers.ts";
import { hasRoom, listen } from "@/lib/server/listener.ts";
import { VERSION } from "@/lib/http/sockets.ts";
import { type Chat, openChat, type State } from "@/lib/http/state.ts";
import { ChatError } from "@/lib/errors.ts";
import { logger, setLogFormat, ThrottledWarning } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { startTracing } from "@/lib/tracing.ts";
import { onNewerSchema } from "@/lib/store/open.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const DRAIN_MS = 8_000;
const failed = new ThrottledWarning("A request failed");
/** How often it is looked whether the isolates are busy, in milliseconds, and from which share of their time on they are. */
const LOOK_MS = 1_000;
const BUSY = 0.5;
/** One look may meet a few sign-ins, which take their time; so many in a row are load. */
const BUSY_LOOKS = 4;
/** More files than an isolate opens: without them the runtime ends the process. */
const ISOLATE_FILES = 64;

/** The web app over a server that is opened with its first request. */
export function createApp(open: () => Promise<Chat>): App<State> {
  return new App<State>()
    .use(staticFiles())
    .use(async (ctx) => {
      ctx.state.chat = await open();
      return await ctx.next();
    })
    .fsRoutes();
}

/** A handler that always answers, and whose every answer has the headers that keep its reader safe. */
export function hardened<Info>(
  handler: (request: Request, info: Info) => Response | Promise<Response>,
): (request: Request, info: Info) => Promise<Response> {
  return async (request, info) => {
    const inner = (request: Request) => handler(withoutSlash(request), info);
    try {
      return counted(request, await (METHODS.has(request.method) ? inner(request) : refuseMethod(request, inner)));
    } catch (error) {
      const refusal = error instanceof URIError
        ? new ChatError("invalid", "The address has a malformed % in it.")
        : error;
      return counted(request, problem(refusal));
    }
  };
}

function counted({ method, url }: Request, response: Response): Response {
  const { status } = response;
  metrics.responses[Math.floor(status / 100)]!++;
  // No more than the first part of the path: others may be codes that let somebody in.
  if (status >= 500) failed.warn({ method, path: `/${new URL(url).pathname.split("/")[1]}`, status });
  return withSecurityHeaders(response);
}

/** Refuses a method that nothing here knows, with those that the address says it knows. */
async function refuseMethod(
  { url }: Request,
  handler: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  const told = await handler(new Request(url, { method: "OPTIONS" }));
  await told.body?.cancel();
  const allow = told.headers.get("allow") ?? "GET, HEAD";
  const response = problem(new ChatError("method_not_allowed", `Use one of ${allow} here.`));
  response.headers.set("allow", allow);
  return response;
}

/** Opens the server that the environment describes, once. */
async function openOnce(config: Config): Promise<Chat> {
  if (config.trace) await startTracing();
  if (config.store?.startsWith(config.dataDir)) await makeFolder(config.dataDir);
  const chat = await openChat(config);
  if (config.demo) await makeDemo(chat);
  return chat;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw new Error(`Cannot keep data in ${path}: choose a folder that can be written to with DATA_DIR.`, { cause });
  }
}

let opened: Promise<Chat> | undefined;
const open = () => opened ??= openOnce(readConfig());

/** The app of this process. Nothing is opened before its first request. */
export const app: App<State> = createApp(open);

/** Serves in this isolate. Resolves with its port, and what stops it. */
async function serve(config: Config): Promise<{ port: number; stop: () => Promise<void> }> {
  const chat = await open();
  const built = new URL("./_fresh/server.js", import.meta.url).href;
  const { default: server } = await import(built);
  const listening = listen({
    port: config.port,
    hostname: config.host,
    reusePort: config.workers > 1,
    // The default of 511 overflows when a thousand clients come back at once, and they then wait a second.
    tcpBacklog: 4096,
  }, hardened(server.fetch));
  const stop = async () => {
    // First, as the listener's own shutdown closes the sockets before they have had their last acknowledgements.
    await chat.drain();
    await listening.shutdown();
    await chat[Symbol.asyncDispose]();
  };
  return { port: listening.port, stop };
}

async function main(): Promise<void> {
  setLogFormat(readLogFormat());
  const config = readConfig();
  // Isolates share a port, and would share it with another server's as well.
  if (config.workers > 1 && config.port !== 0) Deno.listen({ port: config.port, hostname: config.host }).close();
  const { port, stop } = await serve(config);
  const workers = Array.from({ length: config.workersAtStart - 1 }, () => new Isolate(port));
  await Promise.all(workers.map((worker) => worker.ready));
  growWhenBusy(config, () => workers.length + 1, () => {
    workers.push(new Isolate(port));
    logger.info("Another isolate begins to serve", { isolates: workers.length + 1 });
  });
  logger.info(`Hubbub is at http://${config.host}:${port}`, { version: VERSION, isolates: workers.length + 1 });
  let stopping = false;
  const stopAll = async () => {
    if (stopping) return;
    stopping = true;
    logger.info("Hubbub stops");
    const late = setTimeout(() => {
      logger.error("Hubbub stopped before everybody had gone");
      Deno.exit(1);
    }, DRAIN_MS);
    await Promise.all([stop(), ...workers.map((worker) => worker.stop())]);
    clearTimeout(late);
    logger.info("Hubbub has stopped");
    Deno.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, stopAll);
  onNewerSchema((await open()).store, new AbortController().signal, () => {
    logger.warn("A newer Hubbub has made the store its own, so this one stops: run the newer program.");
    stopAll();
  });
}

/** Adds isolates, which cost 40 MB each, once those that are there are kept busy. */
function growWhenBusy({ workers }: Config, serving: () => number, add: () => void): void {
  let before = cpuUsage(), busy = 0;
  const looking = setInterval(() => {
    const { user, system } = cpuUsage(before);
    before = cpuUsage();
    busy = (user + system) / 1_000 > BUSY * serving() * LOOK_MS ? busy + 1 : 0;
    if (serving() >= workers) return clearInterval(looking);
    if (busy < BUSY_LOOKS || !hasRoom(ISOLATE_FILES)) return;
    busy = 0;
    add();
  }, LOOK_MS);
  Deno.unrefTimer(looking);
}

/** Another isolate of this process, which serves on the same port. */
class Isolate {
  readonly ready: Promise<void>;
  readonly #worker = new Worker(import.meta.url, { type: "module" });
  #said = Promise.withResolvers<void>();

  constructor(port: number) {
    this.ready = this.#said.promise;
    this.#worker.onmessage = () => this.#said.resolve();
    this.#worker.postMessage({ port, startedAt: metrics.startedAt });
  }

  /** Resolves once everyone there has been sent away. */
  async stop(): Promise<void> {
    await this.ready;
    this.#said = Promise.withResolvers<void>();
    this.#worker.postMessage("stop");
    await this.#said.promise;
    this.#worker.terminate();
  }
}

/** What the program is in an isolate that {@link Isolate} has made: it is told the port and since when the process runs, and later to stop. */
function work(): void {
  self.onmessage = async ({ data: { port, startedAt } }: MessageEvent<{ port: number; startedAt: number }>) => {
    setLogFormat(readLogFormat());
    metrics.startedAt = startedAt;
    const { stop } = await serve({ ...readConfig(), port });
    self.onmessage = async () => {
      await stop();
      self.postMessage("stopped");
    };
    self.postMessage("ready");
  };
}

/** `hubbub ready`: tells by its exit code whether people may be sent to the server that these settings describe. */
async function askReady(): Promise<void> {
  const { host, port } = readConfig(), isAny = host === "0.0.0.0" || host === "::";
  const answer = await fetch(`http://${isAny ? "localhost" : host}:${port}/health/ready`).catch(() => undefined);
  Deno.exit(answer?.ok ? 0 : 1);
}

/** Why the start failed, and what to do. */
function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) return "Cannot start as the port is taken: choose another with PORT.";
  return error instanceof Error ? error.message : String(error);
}

// No await here: `_fresh/server.js` imports this module, which has to be evaluated by then.
if (import.meta.main) {
  if ("WorkerGlobalScope" in self) work();
  else {
    (Deno.args[0] === "ready" ? askReady() : main()).catch((error) => {
      logger.error(whyNot(error));
      Deno.exit(1);
    });
  }
}
