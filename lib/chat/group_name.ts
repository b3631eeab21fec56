/**
 * What a group is called that nobody has given a name.
 * @module
 */
import { ROOM_NAME_MAX } from "@/lib/model/limits.ts";

/** The names of its people, as many of them as a room's name has place for. */
export function groupName(names: readonly string[]): string {
  for (let shown = names.length; shown > 1; shown--) {
    const name = told(names, shown);
    if ([...name].length <= ROOM_NAME_MAX) return name;
  }
  return told(names, 1);
}

function told(names: readonly string[], shown: number): string {
  const others = names.length - shown, listed = names.slice(0, shown).join(", ");
  return others === 0 ? listed : `${listed} and ${others} ${others === 1 ? "other" : "others"}`;
}
