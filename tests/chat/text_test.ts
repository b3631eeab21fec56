import { assert, assertEquals } from "@std/assert";
import { fold } from "@/lib/model/names.ts";
import { content, emoji, roomName, username } from "@/lib/model/schema/text.ts";

Deno.test("a username has letters and digits of any script, marks, _ - . and single spaces inside", () => {
  for (const name of ["Alice", "José María", "李雷", "محمد", "x_y-z.1", "नमस्ते", "a".repeat(20), "𝒜".repeat(20)]) {
    assertEquals(username.parse(name), name.normalize("NFC"), name);
  }
  assertEquals(username.parse("  Alice "), "Alice");
});

Deno.test("a username is refused when empty, too long, or with what could hide or turn text", () => {
  for (
    const name of [
      "",
      " ",
      "a".repeat(21),
      "a  b",
      "a\nb",
      "a\u0000b",
      "\u202Eecila",
      "a\u200Bb",
      "<b>",
      "a@b",
      "a/b",
      "😀",
    ]
  ) {
    assert(!username.safeParse(name).success, JSON.stringify(name));
  }
});

Deno.test("a room's name is printable, trimmed, with runs of space made one", () => {
  assertEquals(roomName.parse("  trip   to Łódź "), "trip to Łódź");
  assertEquals(roomName.parse("👩‍👩‍👧 family 🏴󠁧󠁢󠁥󠁮󠁧󠁿"), "👩‍👩‍👧 family 🏴󠁧󠁢󠁥󠁮󠁧󠁿");
  assertEquals(roomName.parse("7th floor"), "7th floor");
  for (const name of ["", "   ", "42", "４２", "a\tb", "\u200d", "x\u202ey", "a".repeat(61)]) {
    assert(!roomName.safeParse(name).success, JSON.stringify(name));
  }
});

Deno.test("names are compared without regard to case, width and composition", () => {
  assertEquals(fold("Ｈallo STRASSE"), fold("hallo straße"));
  assertEquals(fold("Ångström"), fold("a\u030Angstro\u0308m"));
  assert(fold("alice") !== fold("alicf"));
});

Deno.test("content is trimmed, cleaned, and otherwise comes back exactly as sent", () => {
  assertEquals(content.parse("  a\r\nb\u0007\u0085c\td  "), "a\nbc\td");
  assertEquals(content.parse("x\ud800y"), "x\ufffdy");
  assertEquals(content.parse("<img onerror=alert(1)>"), "<img onerror=alert(1)>");
  assertEquals(content.parse("👩‍🚀\u202e"), "👩‍🚀\u202e");
  assertEquals(content.parse("y".repeat(4000)).length, 4000);
  for (const text of ["", " \n ", "\u0000", "y".repeat(4001), "😀".repeat(2001)]) {
    assert(!content.safeParse(text).success);
  }
});

Deno.test("a reaction is one emoji", () => {
  for (const one of ["👍", "❤️", "👩‍👩‍👧", "🇩🇪", "1️⃣", "👍🏽"]) assertEquals(emoji.parse(one), one);
  for (const other of ["", "a", "👍👍", "1", "<b>", "👍 "]) assert(!emoji.safeParse(other).success, other);
});
