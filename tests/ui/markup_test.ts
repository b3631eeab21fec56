import { assertEquals, assertLess } from "@std/assert";
import { type Inline, inline, isEmojiOnly, parse } from "@/lib/ui/markup.ts";

/** The tree in brackets: `strong[…]`, `code[…]`. */
function shown(pieces: readonly Inline[]): string {
  return pieces.map((piece) => {
    if (piece.type === "text") return piece.text;
    return `${piece.type}[${"children" in piece ? shown(piece.children) : piece.text}]`;
  }).join("");
}

Deno.test("a message's text becomes a tree", async (test) => {
  const cases: readonly (readonly [written: string, tree: string])[] = [
    ["plain text", "plain text"],
    ["**bold** and *italic* and _italic_", "strong[bold] and em[italic] and em[italic]"],
    ["**bold with *italic* inside**", "strong[bold with em[italic] inside]"],
    ["`**not bold**`", "code[**not bold**]"],
    ["an empty `` stays", "an empty `` stays"],
    ["2*3*4 and snake_case_name", "2*3*4 and snake_case_name"],
    ["* not a list, not italic *", "* not a list, not italic *"],
    ["**never closed", "**never closed"],
    ["see https://example.org/a_b_c, then", "see link[https://example.org/a_b_c], then"],
    ["**https://example.org**", "strong[link[https://example.org]]"],
    ["<b>html</b> & co", "<b>html</b> & co"],
    ["*مرحبا* dir", "em[مرحبا] dir"],
  ];
  for (const [written, tree] of cases) {
    await test.step(written, () => assertEquals(shown(inline(written)), tree));
  }
});

Deno.test("fenced code is a block without markup", () => {
  const blocks = parse("Playlist:\n```ts\n**1.** Sinnerman\n\n  2.\n```\nafter");
  assertEquals(
    blocks.map((block) => block.type === "fence" ? ["fence", block.text] : ["paragraph", shown(block.children)]),
    [
      ["paragraph", "Playlist:"],
      ["fence", "**1.** Sinnerman\n\n  2."],
      ["paragraph", "after"],
    ],
  );
});

Deno.test("a fence that is never closed runs to the end", () => {
  assertEquals(parse("```\na\nb"), [{ type: "fence", text: "a\nb" }]);
});

Deno.test("line breaks and blank lines inside a message stay", () => {
  assertEquals(parse("a\n\nb"), [{ type: "paragraph", children: [{ type: "text", text: "a\n\nb" }] }]);
});

Deno.test("the longest message of nothing but marks is parsed in no time", () => {
  for (const unit of ["*a ", "**a ", "_*", "`", "[(", "*a*a", "https://a)"]) {
    const start = performance.now();
    parse(unit.repeat(4000 / unit.length));
    assertLess(performance.now() - start, 200, `${unit} repeated`);
  }
});

Deno.test("a few emoji alone are drawn large", () => {
  for (const emoji of ["🎉", "🎉 🎉", "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "1️⃣"]) assertEquals(isEmojiOnly(emoji), true, emoji);
  for (const text of ["", "7", "ok 🎉", "🎉🎉🎉🎉🎉🎉🎉", "#", "©a"]) assertEquals(isEmojiOnly(text), false, text);
});
