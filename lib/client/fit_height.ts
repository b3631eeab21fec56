/**
 * Fields that grow with what is typed.
 * @module
 */

/** Makes a field as high as its text, in browsers whose stylesheets cannot do that themselves (`field-sizing`). */
export function fitHeight(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
