/**
 * Text fields that grow.
 * @module
 */

/** Makes a field as high as its text, in browsers without `field-sizing`. */
export function fitHeight(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
