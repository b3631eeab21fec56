/**
 * The program as a process of its own.
 * @module
 */

import { atMost, within } from "@/tests/limits.ts";

/** A process that serves, and is gone at the end of the block that holds it. */
export interface Running extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** Resolves with how it ended. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** What it has printed so far. */
  readonly printed: readonly string[];
  /** Sends a signal, if it still runs. */
  kill(signal: Deno.Signal): void;
}

const running = new Set<Running>();
const root = new URL("..", import.meta.url).pathname;
const ADDRESS = / is at (http:\/\/[^\s"]+)/;
const START_MS = 20_000;
/** A child of the process may keep its output open, and is not waited for. */
const REST_MS = 1_000;

/** Starts the server in the folder `cwd` on a port of its own, over the store in `dataDir`. Resolves once it serves. */
export function startServer(dataDir: string, env: Record<string, string> = {}, cwd = root): Promise<Running> {
  return start(
    [`${root}main.ts`],
    { DATA_DIR: dataDir, PORT: "0", RATE_LIMIT: "off", LOG: "text", KV_URL: "", ...env },
    cwd,
  );
}

/**
 * Runs a script that prints "… is at http://…" once it serves.
 *
 * @throws {Error} If it ends before that, or takes longer than twenty seconds.
 */
export async function start(script: string[], env: Record<string, string>, cwd = root): Promise<Running> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...script],
    env: { NO_COLOR: "1", ...env },
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn(), printed: string[] = [];
  const { promise: address, resolve } = Promise.withResolvers<string>();
  const errors = follow(child.stderr, (text) => printed.push(text));
  const output = follow(child.stdout, (text) => {
    printed.push(text);
    const found = ADDRESS.exec(printed.join(""));
    if (found) resolve(found[1]!);
  });
  const ended = child.status.then(async (status) => {
    await atMost(REST_MS, Promise.all([errors, output]));
    return status;
  });
  let over = false;
  const kill = (signal: Deno.Signal) => {
    if (!over) child.kill(signal);
  };
  child.status.then(() => over = true);
  const { isLate, result: url } = await atMost(START_MS, Promise.race([address, ended.then(() => undefined)]));
  if (url === undefined) {
    kill("SIGKILL");
    await within("a killed process to be gone", ended);
    const what = isLate ? `does not serve within ${START_MS / 1_000} s` : "ended before it served";
    throw new Error(`${script.find((part) => part.endsWith(".ts"))} ${what}: ${printed.join("")}`);
  }
  const started: Running = {
    url,
    pid: child.pid,
    ended,
    printed,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGKILL");
      await within("a killed process to be gone", ended);
    },
  };
  running.add(started);
  child.status.then(() => running.delete(started));
  return started;
}

/** Kills every process that still runs. */
export function endAll(): void {
  for (const { kill } of running) kill("SIGKILL");
}

async function follow(stream: ReadableStream<Uint8Array<ArrayBuffer>>, each: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) each(text);
}
