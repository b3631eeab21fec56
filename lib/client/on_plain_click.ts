/**
 * Links that a script answers.
 * @module
 */

/** A plain click does this instead of following the link; with a modifier it is the browser's. */
export function onPlainClick(act: () => void) {
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    act();
  };
}
