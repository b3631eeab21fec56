/**
 * Avatars of people without a picture: an initial on a colour.
 * @module
 */

/** How many hues the stylesheet has, as `.hue-0` and on. */
export const HUES = 24;

/** The class of a person's colour, which is a hash of their id. */
export function hueClass(id: string): string {
  let hash = 2_166_136_261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619);
  return `hue-${(hash >>> 8) % HUES}`;
}

/** The first letter of a name, in upper case. */
export function initial(name: string): string {
  const [first = "?"] = name;
  return first.toLocaleUpperCase();
}
