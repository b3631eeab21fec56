import { assertEquals } from "@std/assert";
import { clock, dayName, fullTime, validZone } from "@/lib/ui/time.ts";

const at = Date.UTC(2026, 0, 2, 23, 30);

Deno.test("times are in the reader's zone", () => {
  assertEquals(clock(at, "UTC"), "23:30");
  assertEquals(clock(at, "Europe/Berlin"), "00:30");
  assertEquals(fullTime(at, "UTC").includes("2 January 2026"), true);
});

Deno.test("today and yesterday have names, other days their date", () => {
  const hour = 3_600_000, day = 24 * hour;
  assertEquals(dayName(at, at + 1, "UTC"), "Today");
  assertEquals(dayName(at, at + hour, "UTC"), "Yesterday");
  assertEquals(dayName(at, at + 5 * day, "UTC").includes("Friday"), true);
  assertEquals(dayName(at, at + 400 * day, "UTC"), "2 January 2026");
});

Deno.test("an unknown zone is UTC", () => {
  assertEquals(validZone("Europe/Łódź"), "UTC");
  assertEquals(validZone(undefined), "UTC");
  assertEquals(validZone("Asia/Tokyo"), "Asia/Tokyo");
});
