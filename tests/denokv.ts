/**
 * A `denokv` server as a process of its own: started, killed, and started again on the same file and port.
 * @module
 */
import { atMost, within } from "@/tests/limits.ts";
import { testWhere } from "@/tests/needs.ts";

/** A store that several processes share, gone at the end of the block that holds it. */
export interface KvServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The environment of a process that uses it, at this address or through another. */
  env(url?: string): Record<string, string>;
  /** That of the process that runs now. */
  readonly pid: number;
  /** Sends it a signal, if it still runs. */
  signal(signal: Deno.Signal): void;
  /** Kills it with -9. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again, where it was or at another address. Resolves once it answers. */
  start(where?: "here" | "elsewhere"): Promise<void>;
}

const START_MS = 20_000;
/** Of every server that this process starts: the environment has room for one. */
const TOKEN = crypto.randomUUID();
const ANYWHERE = "127.0.0.1:0";
const LISTENING = /Listening on (http:\/\/\S+)/;
const home = Deno.env.get("HOME");
/** Where cargo installs programs, and where `.ci/run` has them installed. */
const FOLDERS = [...Deno.env.get("PATH")?.split(":") ?? [], `${home}/.cargo/bin`, `${home}/.cache/hubbub/bin`];

/** Where the program is, or undefined where it is not installed. */
export const denokv: string | undefined = find();

function find(): string | undefined {
  return FOLDERS.map((folder) => `${folder}/denokv`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Registers a test that needs a `denokv` server. */
export function testWithDenokv(
  name: string,
  run: () => Promise<void>,
  options?: Pick<Deno.TestDefinition, "retry">,
): void {
  testWhere(denokv !== undefined, "cargo install denokv --locked", name, run, options);
}

/**
 * Starts a server over a file in `folder`, on a port of its own.
 *
 * @throws {Error} If it does not serve within twenty seconds.
 */
export async function startDenokv(folder: string): Promise<KvServer> {
  // This process may open the store, too.
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
  let { child, url } = await spawn(folder, ANYWHERE);
  const signal = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch (error) {
      // It has ended by itself, or been killed before.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  const kill = async () => {
    signal("SIGKILL");
    await within("denokv to be gone", child.status);
  };
  return {
    get url() {
      return url;
    },
    env: (address = url) => ({ KV_URL: address, DENO_KV_ACCESS_TOKEN: TOKEN }),
    get pid() {
      return child.pid;
    },
    signal,
    kill,
    async start(where = "here") {
      ({ child, url } = await spawn(folder, where === "here" ? new URL(url).host : ANYWHERE));
    },
    [Symbol.asyncDispose]: kill,
  };
}

async function spawn(
  folder: string,
  address: string,
): Promise<{ child: Deno.ChildProcess; url: string }> {
  const args = ["--sqlite-path", `${folder}/denokv.sqlite`, "serve", "--addr", address, "--access-token", TOKEN];
  // A write over a limit on the size of files is then an error, and not the end of the process.
  const child = new Deno.Command("sh", {
    args: ["-c", 'trap "" XFSZ; exec "$@"', "sh", denokv ?? "denokv", ...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  let said = "";
  const ended = follow(child.stderr, (text) => {
    if (said.length > 100_000) return;
    said += text;
    const found = LISTENING.exec(said);
    if (found) resolve(found[1]!);
  });
  const { isLate, result: url } = await atMost(START_MS, Promise.race([listening, ended.then(() => undefined)]));
  if (url !== undefined) return { child, url };
  if (isLate) child.kill("SIGKILL");
  await within("denokv to be gone", child.status);
  throw new Error(
    `denokv ${isLate ? `does not serve within ${START_MS / 1_000} s` : "ended before it served"}: ${said}`,
  );
}

async function follow(stream: ReadableStream<Uint8Array<ArrayBuffer>>, each: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) each(text);
}
