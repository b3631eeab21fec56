/**
 * Focus management.
 * @module
 */

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
