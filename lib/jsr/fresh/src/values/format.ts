/**
 * How values travel from the server to the islands: a table of JSON, in which composed values name their members by
 * position. So cycles and shared values stay what they are.
 *
 * Values that JSON lacks, and those that need no row of their own, are negative positions.
 */
export const CONSTANTS = {
  undefined: -1,
  null: -2,
  true: -3,
  false: -4,
  nan: -5,
  infinity: -6,
  negativeInfinity: -7,
  negativeZero: -8,
  hole: -9,
} as const;

/** A row of the table: a string or number as it is, an array of positions, an object of them, or a list begun by a tag. */
export type Row = string | number | Position[] | { [key: string]: Position } | [Tag, ...(string | number)[]];

/** Where a value is in the table. */
export type Position = number;

/** What a tagged row holds. */
export type Tag =
  | "bigint"
  | "bytes"
  | "computed"
  | "date"
  | "jsx"
  | "map"
  | "regexp"
  | "set"
  | "signal"
  | "temporal"
  | "url";
