/**
 * The load generator: a program of its own, in Go, so that it is never what limits a figure.
 * @module
 */
import type { Running } from "@/tests/process.ts";

/** What one phase of a run has measured, by the generator's names. */
export type Measured = Readonly<Record<string, number>>;

/** What a server speaks. */
export type Dialect = "plain" | "hubbub" | "hubbub-batch";

const LATE_MS = 180_000;
/** With more than this taken by other programs a figure says little. */
const BUSY_CORES = 0.3;
const sources = new URL("./wsload/", import.meta.url).pathname;

/** Builds the generator into a folder. Throws a sentence for whoever has no Go. */
export async function buildGenerator(folder: string): Promise<void> {
  const args = ["build", "-o", `${folder}/wsload`, "."];
  try {
    const { success, stderr } = await new Deno.Command("go", { args, cwd: sources }).output();
    if (!success) throw new Error(`Cannot build the load generator: ${new TextDecoder().decode(stderr)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("Cannot measure without a load generator: install Go 1.24 or newer, so that `go` is on the path.");
  }
}

/**
 * Runs the generator against a server.
 *
 * @param options As the generator takes them: `scenario=fanout n=200`.
 * @returns What was measured, by phase.
 * @throws {Error} With what the generator said, if it gave up.
 */
export async function load(
  folder: string,
  server: Running,
  dialect: Dialect,
  options: string,
): Promise<Map<string, Measured>> {
  const args = [`-dialect=${dialect}`, `-addr=${new URL(server.url).host}`, `-pids=${server.pid}`];
  const command = new Deno.Command(`${folder}/wsload`, {
    args: [...args, ...options.split(" ").map((option) => `-${option}`)],
    signal: AbortSignal.timeout(LATE_MS),
  });
  const { success, stdout, stderr } = await command.output(), decoder = new TextDecoder();
  if (!success) throw new Error(`The load generator gave up: ${decoder.decode(stderr)}${server.printed.join("")}`);
  const phases = new Map<string, Measured>();
  for (const line of decoder.decode(stdout).trim().split("\n")) {
    const { phase, ...measured } = JSON.parse(line);
    if (measured.other_cores > BUSY_CORES) {
      console.error(`  ${measured.other_cores.toFixed(1)} cores were busy with something else: measure again`);
    }
    phases.set(phase, measured);
  }
  return phases;
}
