import { assertEquals } from "@std/assert";
import { GROUP_PAUSE, rows } from "@/lib/client/timeline_rows.ts";
import { person, post } from "./sample.ts";

const noon = Date.UTC(2026, 0, 2, 12);

Deno.test("messages of one author within five minutes are a group", () => {
  const set = rows([
    post(1, { at: noon }),
    post(2, { at: noon + GROUP_PAUSE - 1 }),
    post(3, { at: noon + 2 * GROUP_PAUSE }),
    post(4, { at: noon + 2 * GROUP_PAUSE, by: person("Jonas") }),
    post(5, { at: noon + 2 * GROUP_PAUSE }),
  ], "UTC");
  assertEquals(set.map(({ continued }) => continued), [false, true, false, false, false]);
});

Deno.test("two guests of the same name are two authors", () => {
  const other = { ...person("Maya"), id: "f".repeat(24) };
  assertEquals(rows([post(1), post(2, { by: other })], "UTC")[1]?.continued, false);
});

Deno.test("a new day begins at the reader's midnight, and a group with it", () => {
  const late = Date.UTC(2026, 0, 2, 22, 59), soon = late + 2 * 60_000;
  const days = (zone: string) => rows([post(1, { at: late }), post(2, { at: soon })], zone).map(({ newDay }) => newDay);
  assertEquals(days("UTC"), [true, false]);
  assertEquals(days("Europe/Berlin"), [true, true]);
  assertEquals(rows([post(1, { at: late }), post(2, { at: soon })], "Europe/Berlin")[1]?.continued, false);
});
