/**
 * The name of a group that was created without one.
 * @module
 */
import { ROOM_NAME_MAX } from "@/lib/model/limits.ts";

/** The names of its people, as many as fit into a room's name. */
export function groupName(names: readonly string[]): string {
  for (let shown = names.length; shown > 1; shown--) {
    const name = listed(names, shown);
    if ([...name].length <= ROOM_NAME_MAX) return name;
  }
  return listed(names, 1);
}

function listed(names: readonly string[], shown: number): string {
  const others = names.length - shown, first = names.slice(0, shown).join(", ");
  return others === 0 ? first : `${first} and ${others} ${others === 1 ? "other" : "others"}`;
}
