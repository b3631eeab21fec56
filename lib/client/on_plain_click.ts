/**
 * Links and buttons that a script answers.
 * @module
 */

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
