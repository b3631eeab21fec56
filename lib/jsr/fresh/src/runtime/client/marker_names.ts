/** Stands where an island begins; the number behind it says which of the page's. */
export const ISLAND_MARKER = "frsh:island:";
/** Stands where elements that were handed to an island begin; the number behind it says which. */
export const SLOT_MARKER = "frsh:slot:";
/** Stands where either ends. */
export const END_MARKER = "/frsh";
/** The start of the id of templates with elements that no island shows yet. */
export const TEMPLATE_ID = "frsh-slot-";
