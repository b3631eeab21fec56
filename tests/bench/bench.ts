/**
 * `deno task bench`: measures this server and a bare Deno room in the same minutes, three times, prints the medians as a
 * table and writes it where the README shows it. `--quick` measures once and writes nothing; names of scenarios
 * (`fanout`, `rooms`, …) measure only those. Linux only, everything on 127.0.0.1.
 * @module
 */
import { Figures } from "@/tests/bench/figures.ts";
import { buildGenerator } from "@/tests/bench/load.ts";
import { writeTable } from "@/tests/bench/readme.ts";
import { scenarios } from "@/tests/bench/scenarios.ts";
import { endAll } from "@/tests/process.ts";

const RUNS = 3;
const root = new URL("../..", import.meta.url).pathname;

const quick = Deno.args.includes("--quick"), named = Deno.args.filter((name) => !name.startsWith("-"));
const runs = quick ? 1 : RUNS,
  chosen = named.length > 0 ? scenarios.filter(({ name }) => named.includes(name)) : scenarios;
const folder = await Deno.makeTempDir({ prefix: "hubbub-bench-" });

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    endAll();
    Deno.removeSync(folder, { recursive: true });
    Deno.exit(130);
  });
}

try {
  if (Deno.build.os !== "linux") {
    throw new Error("Cannot measure here: what a process costs is read from Linux's /proc.");
  }
  await build();
  const table = await measure();
  console.log(table);
  if (!quick && named.length === 0 && !await writeTable(`${root}README.md`, table)) {
    console.error("README.md has no <!-- bench --> to write the table into.");
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exitCode = 1;
} finally {
  endAll();
  await Deno.remove(folder, { recursive: true });
}

async function build(): Promise<void> {
  await buildGenerator(folder);
  const args = ["run", "-A", "dev.ts", "build-if-stale"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  if (!success) throw new Error(`Cannot build the server: ${new TextDecoder().decode(stderr)}`);
}

async function measure(): Promise<string> {
  const figures = new Figures();
  for (let run = 1; run <= runs; run++) {
    for (const scenario of chosen) {
      console.error(`run ${run} of ${runs}: ${scenario.name}`);
      await scenario({ folder, figures });
    }
  }
  const { hardwareConcurrency } = navigator;
  return `Deno ${Deno.version.deno}, ${hardwareConcurrency} cores that the load generator shares, ${
    runs === 1 ? "one run" : `medians of ${runs} runs`
  }; ratios are to the bare room of the same minute.\n\n${figures.table()}`;
}
