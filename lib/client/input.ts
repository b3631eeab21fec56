/**
 * Input: keys, clicks, focus, on-screen keyboards, and fields that grow.
 * @module
 */

/** The part of a keyboard event that is used. */
export type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode" | "preventDefault">;

/** Whether the key belongs to an input method. Safari ends the composition before its last key, which has code 229. */
export function isComposing({ isComposing, keyCode }: KeyPress): boolean {
  return isComposing || keyCode === 229;
}

/** Whether the key sends what was typed: Enter, but not on a touch screen, which has no other key for a new line. */
export function isSubmit(event: KeyPress): boolean {
  return event.key === "Enter" && !event.shiftKey && !isComposing(event) && !hasTouchKeyboard();
}

/** Focuses a field as soon as someone types while the focus is in what is only read. Returns a function that ends it. */
export function focusOnTyping(field: HTMLElement): () => void {
  const listener = (event: KeyboardEvent) => beginsText(event) && field.focus();
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

function beginsText({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return false;
  return target === document.body || target.matches(".timeline, .timeline article");
}

/** Moves the focus from message to message by the arrow keys, Home and End; Tab then leads to the actions. */
export function moveFocus(event: KeyboardEvent): void {
  const { target, key, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement) || target.localName !== "article") {
    return;
  }
  const articles = [...currentTarget.querySelectorAll<HTMLElement>("article[data-message]")];
  const at = articles.indexOf(target);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[key];
  const article = next === undefined ? undefined : articles[next];
  if (!article) return;
  event.preventDefault();
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
}

/** Keeps the page above the keyboard where browsers lay it over the page: `--seen` is the visible height. */
export function watchKeyboard(): void {
  const viewport = globalThis.visualViewport;
  viewport?.addEventListener("resize", () => {
    // Zooming in changes the height as well.
    if (viewport.scale !== 1) return;
    document.documentElement.style.setProperty("--seen", `${viewport.height}px`);
    scrollTo(0, 0);
  });
}

/** Whether typing opens an on-screen keyboard. */
export function hasTouchKeyboard(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** Makes a field as high as its text, in browsers without `field-sizing`. */
export function fitHeight(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

/**
 * Restores the focus after the next render if the element that had it is gone.
 *
 * @param before What had the focus before that element.
 * @param otherwise Id of what gets the focus if that is gone, too; the timeline is the last choice.
 */
export function returnFocus(before: Element | null, otherwise: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const there = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
    const element = there ?? document.getElementById(otherwise) ?? document.getElementById("timeline");
    element?.focus({ preventScroll: true });
  });
}

/**
 * A listener for clicks: a plain one acts in place of the browser, unless the action answers false; with a modifier it is
 * the browser's.
 */
export function onPlainClick(act: () => boolean | void): (event: MouseEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (act() !== false) event.preventDefault();
  };
}
