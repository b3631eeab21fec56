/**
 * `deno task test`: builds what the browser gets, runs every test, and closes with one line. What a test prints is shown
 * only if something failed. Arguments are passed on: files to run, or `--filter=…`.
 * @module
 */

/** One test has five minutes (`deadline.ts`); what says nothing for longer, such as a browser that does not close, hangs. */
const SILENCE_MS = 7 * 60_000;
/** A process that a test left behind may hold on to the output, and is not waited for. */
const REST_MS = 1_000;

await run("building", ["run", "-A", "dev.ts", "build-if-stale"]);
const args = ["test", "-A", "--no-check", "--preload", "tests/deadline.ts", ...Deno.args];
const tests = await run("testing", args, { mayFail: true });

for (const line of new Set(tests.output.match(/^Left out: .*/gm))) console.log(line);
const summary = /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/.exec(tests.output);
if (!tests.success || !summary) console.log(tests.output);
const [, passed = "0", failed = "1"] = summary ?? [];
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(tests.success && summary && passed !== "0" ? 0 : 1);

async function run(what: string, args: string[], { mayFail = false } = {}) {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "", silence: ReturnType<typeof setTimeout> | undefined;
  const hear = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      clearTimeout(silence);
      silence = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS);
    }
  };
  const heard = Promise.all([hear(child.stdout), hear(child.stderr)]);
  const { success, signal } = await child.status;
  await Promise.race([heard, new Promise((resolve) => setTimeout(resolve, REST_MS))]);
  clearTimeout(silence);
  if (signal === "SIGKILL") output += `\nIt was ended, as it said nothing for ${SILENCE_MS / 60_000} minutes.`;
  if (!success && !mayFail) {
    console.error(`Cannot go on as ${what} failed:\n${output}`);
    Deno.exit(1);
  }
  return { success, output };
}
