import { assertEquals, assertMatch } from "@std/assert";
import { temporaryFolder } from "@/tests/cluster/cluster.ts";
import { Progress } from "@/tests/progress.ts";

const root = new URL("..", import.meta.url).pathname;

/** Runs tests of these texts, each in a file, and returns what is printed, without the times. */
async function run(...texts: readonly string[]): Promise<{ code: number; lines: string[] }> {
  await using folder = await temporaryFolder();
  for (const [index, text] of texts.entries()) await Deno.writeTextFile(`${folder.path}/${index}_test.ts`, text);
  const args = ["run", "-A", "tests/run.ts", folder.path];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root, stdin: "null" }).output();
  return { code, lines: new TextDecoder().decode(stdout).trimEnd().split("\n") };
}

Deno.test("the output of passing tests isn't shown", async () => {
  const passes = 'Deno.test("passes", () => console.log("a word"));';
  assertEquals(await run(passes, passes), { code: 0, lines: ["2 passed, 0 failed"] });
});

Deno.test("the output of a file is shown if one of its tests fails, and that of others isn't", async () => {
  const fails = 'Deno.test("fails", () => { throw new Error("a reason"); });';
  const { code, lines } = await run('Deno.test("passes", () => console.log("a word"));', fails);
  assertEquals([code, lines.at(-1)], [1, "1 passed, 1 failed"]);
  assertMatch(lines.join("\n"), /a reason/);
  assertEquals(lines.filter((line) => line.includes("a word")), []);
});

Deno.test("a file that can't be loaded fails, and so does a run without tests", async () => {
  const { code, lines } = await run('import "./nowhere.ts";');
  assertEquals([code, lines.at(-1)], [1, "0 passed, 1 failed"]);
  assertEquals(await run(), { code: 1, lines: ["0 passed, 0 failed"] });
});

Deno.test("the progress counts finished files and names running ones", () => {
  const progress = new Progress(3);
  progress.begin("a_test.ts");
  progress.begin("b_test.ts");
  progress.printed("a_test.ts", "running 2 tests from ./a_test.ts\n");
  progress.printed("a_test.ts", "it is so ... ");
  assertEquals(progress.line, "0:00 0 of 3 files, 0 passed, 0 failed: a_test.ts (it is so), b_test.ts");
  progress.printed("a_test.ts", "ok (1ms)\n");
  progress.end("b_test.ts", 4, 1);
  assertEquals(progress.line, "0:00 1 of 3 files, 4 passed, 1 failed: a_test.ts");
});
