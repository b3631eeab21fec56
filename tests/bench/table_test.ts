import { assertEquals } from "@std/assert";
import { Figures } from "@/tests/bench/figures.ts";
import { withTable, writeTable } from "@/tests/bench/readme.ts";

Deno.test("a figure shows medians, its ratio to the bare room, and whether that is enough", () => {
  const figures = new Figures();
  for (const [bare, hubbub] of [[6, 6.6], [8, 8], [5, 10]] as const) figures.add("fanout", { bare, hubbub });
  for (const hubbub of [19_000, 12_345, 30_000]) figures.add("posts", { hubbub });
  figures.add("start", { bare: 25, hubbub: 200 });
  const rows = figures.table().split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assertEquals(rows.slice(2), [
    ["fan-out to 200, CPU a delivery", "6 µs", "8 µs", "1.1 ×", "≤ 1.15 ×", "≤ 1.05 ×", "good"],
    ["posts accepted in one room", "", "19,000 /s", "", "≥ 20,000 /s", "≥ 50,000 /s", "missed"],
    ["start to first answer", "25 ms", "200 ms", "8 ×", "≤ 600 ms", "≤ 250 ms", "wanted"],
  ]);
});

Deno.test("the table replaces the one before it, and nothing around it", () => {
  const before = "# Speed\n\n<!-- bench -->\n\nold $1\n\n<!-- /bench -->\n\nMore.\n";
  const after = "# Speed\n\n<!-- bench -->\n\n| $& |\n\n<!-- /bench -->\n\nMore.\n";
  assertEquals(withTable(before, "| $& |"), after);
  assertEquals(withTable(after, "| $& |"), after);
});

Deno.test("a README without a place for the table stays as it is", async () => {
  assertEquals(withTable("# Speed\n", "| table |"), undefined);
  assertEquals(await writeTable("/nowhere/README.md", "| table |"), false);
});
