/**
 * `deno task test`: builds what the browser gets, runs every file of tests in a process of its own, and closes with one
 * line. What a file prints is shown only if it fails. Arguments are files and folders to run; everything else, such as
 * `--filter=…`, is passed on to `deno test`.
 * @module
 */
import { resolve } from "node:path";
import { Progress } from "@/tests/progress.ts";

/** A test has five minutes (`deadline.ts`); a process that prints nothing for longer, such as a browser, hangs. */
const SILENCE_MS = 7 * 60_000;
/** A process that a test left behind may keep the output open, and is not waited for. */
const REST_MS = 1_000;
/** How often the progress is shown: in place on a terminal, as a line of its own elsewhere. */
const REDRAW_MS = 200;
const REPORT_MS = 60_000;
const JOBS_MAX = 4;
/** Tests that measure time run alone: files mark them so. */
const TIMED = /\bTIMED\b/;
/** These take longest, so they begin first. */
const LONGEST = /schemathesis|quality|^tests\/(cluster|e2e|simulation)\//;
/** Back to the start of the line, and everything on it gone. */
const CLEAR = "\r\x1b[2K";

const root = new URL("..", import.meta.url).pathname, isTerminal = Deno.stdout.isTerminal();
const paths: string[] = [], options: string[] = [];
for (const arg of Deno.args) (await isThere(arg) ? paths : options).push(arg);

const built = await run(["run", "-A", "dev.ts", "build-if-stale"]);
if (!built.success) {
  console.error(`The build failed:\n${built.output}`);
  Deno.exit(1);
}

const files = (await Promise.all((paths.length > 0 ? paths : ["tests"]).map(filesIn))).flat();
const together = files.toSorted((one, other) => Number(LONGEST.test(other)) - Number(LONGEST.test(one)));
const alone: string[] = [];
for (const file of files) if (TIMED.test(await Deno.readTextFile(at(file)))) alone.push(file);

const progress = new Progress(together.length + alone.length), leftOut = new Set<string>();
const showing = isTerminal ? setInterval(redraw, REDRAW_MS) : setInterval(() => console.log(progress.line), REPORT_MS);
const jobs = Math.min(JOBS_MAX, navigator.hardwareConcurrency);
await Promise.all(Array.from({ length: jobs }, () => runAll(together, "never")));
await runAll(alone, "only");
clearInterval(showing);
print(...leftOut, `${progress.passed} passed, ${progress.failed} failed`);
Deno.exit(progress.failed === 0 && progress.passed > 0 ? 0 : 1);

/** Runs files one after the other until none is left in the queue, which others may share. */
async function runAll(queue: string[], timed: "never" | "only"): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const name = file;
    progress.begin(name);
    const args = ["test", "-A", "--no-check", "--preload", "tests/deadline.ts", ...options, name];
    const { success, output } = await run(args, { TIMED: timed }, (text) => progress.printed(name, text));
    for (const line of output.match(/^Left out: .*/gm) ?? []) leftOut.add(line);
    const [, passed, failed] = /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/.exec(output) ?? [];
    progress.end(name, Number(passed ?? 0), success ? 0 : Math.max(1, Number(failed ?? 0)));
    if (!success) print(output);
  }
}

async function run(
  args: string[],
  env: Record<string, string> = {},
  printed: (text: string) => void = () => undefined,
) {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "", silence: ReturnType<typeof setTimeout> | undefined;
  const listen = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      printed(text);
      clearTimeout(silence);
      silence = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
    }
  };
  const listening = Promise.all([listen(child.stdout), listen(child.stderr)]);
  const { success, signal } = await child.status;
  await Promise.race([listening, new Promise((resolve) => setTimeout(resolve, REST_MS))]);
  clearTimeout(silence);
  if (signal === "SIGKILL") output += `\nKilled: it printed nothing for ${SILENCE_MS / 60_000} minutes.`;
  return { success, output };
}

function print(...lines: string[]): void {
  console.log((isTerminal ? CLEAR : "") + lines.join("\n"));
}

function redraw(): void {
  const text = CLEAR + progress.line.slice(0, Deno.consoleSize().columns - 1);
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** The absolute path of what an argument names. */
function at(path: string): string {
  return resolve(root, path);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(at(path)).then(() => true, () => false);
}

/** The files of tests at a path, sorted. */
async function filesIn(path: string): Promise<string[]> {
  if ((await Deno.stat(at(path))).isFile) return [path];
  const entries = await Array.fromAsync(Deno.readDir(at(path)));
  const found = await Promise.all(entries.map(({ name, isDirectory }) => {
    const inside = `${path.replace(/\/$/, "")}/${name}`;
    return isDirectory ? filesIn(inside) : /_test\.tsx?$/.test(name) ? [inside] : [];
  }));
  return found.flat().sort();
}
