/**
 * The format in which the server sends island props: a table in JSON whose first row is the root. Arrays and objects
 * refer to their members by position, so values that occur several times are sent once and cycles are possible.
 *
 * The negative positions stand for values without a row of their own.
 */
export const CONSTANTS = {
  undefined: -1,
  null: -2,
  true: -3,
  false: -4,
} as const;

/** The index of a row in the table, or one of the constants. */
export type Position = number;

/** A row of the table: a string, a number, an array, or an object. */
export type Row = string | number | Position[] | { [key: string]: Position };
