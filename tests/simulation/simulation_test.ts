import { assert, assertEquals, assertMatch } from "@std/assert";
import { mutants } from "@/tests/mutants/mutants.ts";
import { sound } from "@/tests/simulation/node.ts";
import { simulate } from "@/tests/simulation/simulation.ts";

const SCHEDULES = 10_000;
/** Schedules within which a mutant is found. */
const FOUND_WITHIN = 300;

Deno.test("what was acknowledged is stored once, and all readers see one order, whatever fails and whichever node is killed", async () => {
  const first = crypto.getRandomValues(new Uint32Array(1))[0]!;
  for (let seed = first; seed < first + SCHEDULES; seed++) {
    const violations = await simulate(seed);
    assertEquals(violations, [], `deno run -A tests/simulation/simulation.ts ${seed} replays it`);
  }
});

Deno.test("a seed is a schedule: it happens again in the same way", async () => {
  const [once, again]: [string[], string[]] = [[], []];
  await simulate(7, undefined, (line) => once.push(line));
  await simulate(7, undefined, (line) => again.push(line));
  assert(once.length > 50);
  assertEquals(once, again);
});

Deno.test("schedules are eventful: commits conflict, are lost and late, nodes are killed, readers reconnect", async () => {
  const events = new Map([
    ["the commit takes effect", 1_000],
    ["its check does not hold", 500],
    ["the commit fails", 20],
    ["the answer to the commit is lost", 20],
    ["an orphaned commit takes effect", 20],
    ["the answer to list", 20],
    ["a feed tries again", 20],
    ["is killed", 100],
    ["is repeated", 200],
    ["is unchanged", 50],
    ["gets message_not_found", 50],
    ["gets room_archived", 50],
    ["gets forbidden", 20],
    ["gets sign_in", 50],
    ["The room is too busy", 5],
    ["reconnects", 500],
    ["old", 10],
  ]);
  const seen = new Map<string, number>();
  const note = (line: string) => {
    for (const event of events.keys()) if (line.includes(event)) seen.set(event, (seen.get(event) ?? 0) + 1);
  };
  for (let seed = 1; seed <= 300; seed++) await simulate(seed, undefined, note);
  for (const [event, atLeast] of events) {
    const times = seen.get(event) ?? 0;
    assert(times >= atLeast, `“${event}” ${times} times`);
  }
});

for (const { wrong, simulation: found, Log = sound.Log, Feed = sound.Feed } of mutants) {
  Deno.test(`the simulation finds it when ${wrong}`, async () => {
    let violations: string[] = [];
    for (let seed = 1; seed <= FOUND_WITHIN && !violations.some((violation) => found.test(violation)); seed++) {
      violations = await simulate(seed, { Log, Feed });
    }
    assertMatch(violations.join("\n"), found);
  });
}
