import { assert } from "@std/assert";
import { chaos } from "@/tests/cluster/chaos.ts";
import { temporaryFolder } from "@/tests/cluster/cluster.ts";
import type { Planned } from "@/tests/cluster/faults.ts";
import { testWithDenokv } from "@/tests/denokv.ts";

const root = new URL("../..", import.meta.url).pathname;
const PARTS = ["main.ts", "deno.json", "deno.lock", "lib", "routes", "islands", "components", "static", "_fresh"];

/** What is wrong, the line of the program that makes it so, and what chaos says about it. */
const MUTANTS = [
  {
    wrong: "entries are delivered before their commit",
    file: "lib/store/log/log.ts",
    line: "const versionstamp = await this.#store.commit(checks, mutations)",
    instead: `for (const { state: { room }, head, sequenced } of sequences) {
      if (sequenced.length > 0) this.#onCommit(room.id, head, sequenced.map(({ built }) => built.entry));
    }
    const versionstamp = await this.#store.commit(checks, mutations)`,
    found: /saw something else|is missing there|came back after|begin anew/,
  },
  {
    wrong: "nonces are not looked at",
    file: "lib/store/log/sequence.ts",
    line: "return hash !== 0 && !isNew && (this.#hashes.has(hash) || this.state.nonces.find(hash) !== undefined);",
    instead: "return hash < 0 && isNew;",
    found: /is stored twice|was acknowledged as \d+ and as/,
  },
  {
    wrong: "the head is not checked",
    file: "lib/store/log/sequence.ts",
    line: "const checks: Check[] = [{ key: keys.head(id).path, versionstamp }];",
    instead: "const checks: Check[] = [];",
    found: /is missing there|saw something else/,
  },
  {
    wrong: "a page that comes back misses an entry",
    file: "lib/live/hub.ts",
    line: "const missed = await feed.since(position);",
    instead: 'const missed = await feed.since(codec.protocol === "app" ? position + 1 : position);',
    found: /a\d+ saw \d+ after|a\d+ stays at/,
  },
];

const SHORT = { seed: 1, store: "denokv", instances: 2, writers: 10, rooms: 2, rate: 100, patience: 2_000 } as const;
/** Whatever is wrong with a commit shows where the store goes away, and where answers are lost. */
const PLAN: readonly Planned[] = [
  { after: 700, fault: { type: "cut", instance: 0, side: "people", how: "answer", share: 1 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "people", how: "answer", share: 1 } },
  { after: 300, fault: { type: "kill store", lasts: 200 } },
  { after: 700, fault: { type: "kill", instance: 0, lasts: 100 } },
  { after: 100, fault: { type: "cut", instance: 1, side: "people", how: "answer", share: 1 } },
  { after: 900, fault: { type: "kill store", lasts: 100 } },
];

testWithDenokv("chaos finds what is wrong with a program in which a line is wrong", async () => {
  await using folder = await temporaryFolder();
  const programs = await Promise.all(MUTANTS.map((mutant, index) => mutated(mutant, `${folder.path}/${index}`)));
  const outcomes = await Promise.all(programs.map((program) => chaos({ ...SHORT, plan: PLAN, program })));
  for (const [index, { faults }] of outcomes.entries()) {
    const { wrong, found } = MUTANTS[index]!;
    assert(faults.some((fault) => found.test(fault)), `${wrong}: ${faults.slice(0, 3).join(" ")}`);
  }
});

/** The folder of a copy of the program, with one thing wrong in it. */
async function mutated({ file, line, instead }: typeof MUTANTS[number], folder: string): Promise<string> {
  await Deno.mkdir(folder);
  const { success } = await new Deno.Command("cp", { args: ["-r", ...PARTS, folder], cwd: root }).output();
  assert(success, "the program is copied");
  const text = await Deno.readTextFile(`${folder}/${file}`);
  assert(text.split(line).length === 2, `${file} has the line "${line}"`);
  await Deno.writeTextFile(`${folder}/${file}`, text.replace(line, () => instead));
  return folder;
}
