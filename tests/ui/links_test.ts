import { assertEquals } from "@std/assert";
import { links } from "@/lib/ui/links.ts";

Deno.test("web addresses in text are links", async (test) => {
  const cases: readonly (readonly [text: string, addresses: readonly string[]])[] = [
    ["no address here", []],
    ["http://a.example and https://b.example/x?y=1#z", ["http://a.example", "https://b.example/x?y=1#z"]],
    ["ends a sentence: https://a.example/x.", ["https://a.example/x"]],
    ["(in brackets https://a.example/x)", ["https://a.example/x"]],
    ["https://a.example/wiki/Word_(thing), yes", ["https://a.example/wiki/Word_(thing)"]],
    ["“https://a.example”", ["https://a.example"]],
    ["javascript:alert(1) data:text/html,x file:///etc", []],
    ["xhttps://a.example", []],
    ["https://", []],
    ["https://дом.example/Łódź", ["https://дом.example/Łódź"]],
  ];
  for (const [text, addresses] of cases) {
    await test.step(text, () => assertEquals(links(text).map(({ link }) => link.text), addresses));
  }
});

Deno.test("a link has its place in the text", () => {
  const [found] = links("see https://a.example!");
  assertEquals([found?.start, found?.end, found?.link.href], [4, 21, "https://a.example/"]);
});
