/**
 * `deno task test`: builds what the browser gets, runs every test, and closes with one line. What a test prints is shown
 * only if something failed. Arguments are passed on: files to run, or `--filter=…`.
 * @module
 */
const decoder = new TextDecoder();

await run("building", ["run", "-A", "dev.ts", "build-if-stale"]);
const tests = await run("testing", ["test", "-A", "--no-check", ...Deno.args], { mayFail: true });

for (const line of new Set(tests.output.match(/^Left out: .*/gm))) console.log(line);
const summary = /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/.exec(tests.output);
if (!tests.success || !summary) console.log(tests.output);
const [, passed = "0", failed = "1"] = summary ?? [];
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(tests.success && summary && passed !== "0" ? 0 : 1);

async function run(what: string, args: string[], { mayFail = false } = {}) {
  const command = new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" }, stdout: "piped", stderr: "piped" });
  const { success, stdout, stderr } = await command.output();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success && !mayFail) {
    console.error(`Cannot go on as ${what} failed:\n${output}`);
    Deno.exit(1);
  }
  return { success, output };
}
