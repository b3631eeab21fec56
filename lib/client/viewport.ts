/**
 * Keeps the page above the on-screen keyboard, in browsers that lay the keyboard over it.
 * @module
 */

/** Gives the stylesheet the height that is in sight, as `--seen`, for as long as the page lives. */
export function watchKeyboard(): void {
  const viewport = globalThis.visualViewport;
  viewport?.addEventListener("resize", () => {
    // Zooming in changes the height too, but covers nothing.
    if (viewport.scale !== 1) return;
    document.documentElement.style.setProperty("--seen", `${viewport.height}px`);
    scrollTo(0, 0);
  });
}

/** Whether typing opens an on-screen keyboard. */
export function hasTouchKeyboard(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
