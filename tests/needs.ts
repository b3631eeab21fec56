/**
 * Programs that a few tests need beside Deno: where one is missing, those tests are left out and a line says so.
 * `.ci/run` sets `REQUIRE_ALL`, and then a missing program fails the run.
 * @module
 */

/** How to find out whether a program is there, and how to install it. */
const PROGRAMS = {
  curl: { ask: ["curl", "--version"], install: "install curl" },
  git: { ask: ["git", "rev-parse", "--git-dir"], install: "install git, and clone the repository" },
  prlimit: { ask: ["prlimit", "--version"], install: "install util-linux" },
  python3: { ask: ["python3", "-c", "import venv, ensurepip, pip"], install: "install python3 with pip and venv" },
} as const;

/** A program that a test needs. */
export type Program = keyof typeof PROGRAMS;

/** Registers a test that needs a program. */
export function testWith(program: Program, name: string, run: (t: Deno.TestContext) => void | Promise<void>): void {
  const { ask: [command, ...args], install } = PROGRAMS[program];
  testWhere(answers(command, args), install, name, run);
}

/** Registers a test where what it needs is there. */
export function testWhere(
  isThere: boolean,
  install: string,
  name: string,
  run: (t: Deno.TestContext) => void | Promise<void>,
  options: Pick<Deno.TestDefinition, "retry"> = {},
): void {
  if (isThere) return Deno.test(name, options, run);
  if (Deno.env.get("REQUIRE_ALL")) throw new Error(`Cannot test that ${name}: ${install}.`);
  console.log(`Left out: "${name}". To run it, ${install}.`);
}

function answers(command: string, args: string[]): boolean {
  const cwd = new URL("..", import.meta.url).pathname;
  try {
    return new Deno.Command(command, { args, cwd, stdout: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
