/**
 * What stands for a person who has no picture: a letter on a colour that follows from the id.
 * @module
 */

/** How many hues the stylesheet has, as `.hue-0` and on. */
export const HUES = 24;

/** The class of a person's colour; the same id always has the same. */
export function hueClass(id: string): string {
  let hash = 2_166_136_261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619);
  return `hue-${(hash >>> 8) % HUES}`;
}

/** The first letter of a name, in capitals. */
export function initial(name: string): string {
  const [first = "?"] = name;
  return first.toLocaleUpperCase();
}
