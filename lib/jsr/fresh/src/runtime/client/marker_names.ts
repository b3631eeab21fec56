/** The start of the comment that precedes the markup of an island; the number of the island on the page follows. */
export const ISLAND_MARKER = "frsh:island:";
/** The comment that follows the markup of an island. */
export const END_MARKER = "/frsh";
