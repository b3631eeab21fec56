/**
 * The locale: how numbers, plurals, lists and names are written.
 * @module
 */

/** Language of the strings, for `lang`. */
export const LANGUAGE = "en";
/** Locale of dates, numbers, plurals and lists. */
export const LOCALE = "en-GB";

const numbers = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LOCALE);

/** Writes lists: "Ada, Ben and Cleo". */
export const list = new Intl.ListFormat(LOCALE, { type: "conjunction" });

/** A number in digits. */
export function number(count: number): string {
  return numbers.format(count);
}

/** A number for a badge, which stops at 99. */
export function capped(count: number): string {
  return count > 99 ? "99+" : number(count);
}

/** Whether a number takes the singular. */
export function isOne(count: number): boolean {
  return plurals.select(count) === "one";
}

/** A number with its noun. */
export function counted(count: number, one: string, other: string): string {
  return `${number(count)} ${isOne(count) ? one : other}`;
}

/** A name whose direction doesn't affect the words around it. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
