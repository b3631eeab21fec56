/**
 * The on-screen keyboard.
 * @module
 */

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
