import { assertEquals } from "@std/assert";
import { signal } from "@preact/signals";
import { CONTENT_MAX } from "@/lib/model/limits.ts";
import type { Person } from "@/lib/model/person.ts";
import { ComposerModel } from "@/lib/client/composer_model.ts";
import { Drafts } from "@/lib/client/drafts.ts";
import { MemoryStorage, person } from "./sample.ts";

/** Maya's composer of room 1, with a field whose text is `text`, on a device with or without a touch screen. */
function begin({ text = "", draft = "", isTouch = false } = {}) {
  Object.assign(globalThis, { matchMedia: () => ({ matches: isTouch }) });
  const drafts = new Drafts(new MemoryStorage()), done: string[] = [];
  drafts.set(1, draft);
  const room = {
    id: 1,
    post: ({ name }: Person, content: string) => void done.push(`${name}: ${content}`),
    type: (on: boolean) => void done.push(on ? "types" : "pauses"),
    editLast: () => done.push("edits") > 0,
  };
  const composer = new ComposerModel({ drafts, user: signal(person("Maya")) }, room);
  const field = { value: text, focus: () => {} };
  composer.attach(field);
  const type = (text: string) => {
    field.value = text;
    composer.input();
  };
  const press = (key: string, change: Partial<KeyboardEvent> = {}) => {
    let isPrevented = false;
    const preventDefault = () => isPrevented = true;
    composer.keyDown({ key, shiftKey: false, isComposing: false, keyCode: 0, ...change, preventDefault });
    return isPrevented;
  };
  return { composer, field, drafts, done, type, press, [Symbol.dispose]: () => composer.detach() };
}

Deno.test("a composer begins with the draft, unless its field has a text already", () => {
  using drafted = begin({ draft: "begun" });
  assertEquals([drafted.field.value, drafted.composer.text.value], ["begun", "begun"]);
  using refused = begin({ draft: "begun", text: "refused" });
  assertEquals(refused.field.value, "refused");
});

Deno.test("what is typed is a draft until it is sent", () => {
  using page = begin();
  page.type(" hello ");
  assertEquals(page.drafts.get(1), " hello ");
  page.composer.send();
  assertEquals([page.field.value, page.drafts.get(1), page.composer.text.value], ["", "", ""]);
  assertEquals(page.done, ["types", "Maya: hello", "pauses"]);
});

Deno.test("nothing, blanks and what is too long are not sent", () => {
  using page = begin();
  for (const text of ["", " \n ", "x".repeat(CONTENT_MAX + 2)]) {
    page.type(text);
    page.composer.send();
    assertEquals(page.field.value, text);
  }
  assertEquals(page.composer.over, 2);
  page.type(` ${"x".repeat(CONTENT_MAX)} `);
  assertEquals(page.composer.over, 0);
  page.composer.send();
  assertEquals(page.field.value, "");
});

Deno.test("Enter sends, but not with Shift, nor while an input method composes", () => {
  using page = begin();
  page.type("hello");
  assertEquals(page.press("Enter", { shiftKey: true }), false);
  assertEquals(page.press("Enter", { isComposing: true }), false);
  assertEquals(page.press("Enter", { keyCode: 229 }), false);
  assertEquals(page.field.value, "hello");
  assertEquals(page.press("Enter"), true);
  assertEquals(page.field.value, "");
});

Deno.test("on a touch screen Enter begins a new line", () => {
  using page = begin({ isTouch: true });
  page.type("hello");
  assertEquals([page.press("Enter"), page.field.value], [false, "hello"]);
});

Deno.test("the arrow up edits the last message where nothing is typed", () => {
  using page = begin();
  assertEquals([page.press("ArrowUp"), page.done], [true, ["edits"]]);
  page.type("x");
  assertEquals(page.press("ArrowUp"), false);
});
