/**
 * Keeps the focus somewhere sensible when what had it goes away.
 * @module
 */

/**
 * Gives the focus back once the page is drawn, if it went nowhere.
 *
 * @param before What had the focus before; it may be gone.
 * @param otherwise Id of what takes it then; after that, the timeline does.
 */
export function returnFocus(before: Element | null, otherwise: string): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const there = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
    const element = there ?? document.getElementById(otherwise) ?? document.getElementById("timeline");
    element?.focus({ preventScroll: true });
  });
}
