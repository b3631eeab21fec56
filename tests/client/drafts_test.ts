import { assertEquals } from "@std/assert";
import { Drafts } from "@/lib/client/drafts.ts";
import { MemoryStorage } from "./sample.ts";

Deno.test("a draft is kept per room, and forgotten when it is empty", () => {
  const storage = new MemoryStorage(), drafts = new Drafts(storage);
  drafts.set(1, "for general");
  drafts.set(2, "for music");
  assertEquals(new Drafts(storage).get(1), "for general");
  drafts.set(1, "  ");
  assertEquals([drafts.get(1), drafts.get(2)], ["", "for music"]);
});

Deno.test("a browser without storage has no drafts, and no errors", () => {
  const drafts = new Drafts(undefined);
  drafts.set(1, "x");
  assertEquals(drafts.get(1), "");
});
