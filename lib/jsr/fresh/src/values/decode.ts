import { computed, signal } from "@preact/signals";
import { CONSTANTS, type Position, type Row } from "./format.ts";

const FIXED = new Map<Position, unknown>([
  [CONSTANTS.undefined, undefined],
  [CONSTANTS.null, null],
  [CONSTANTS.true, true],
  [CONSTANTS.false, false],
  [CONSTANTS.nan, NaN],
  [CONSTANTS.infinity, Infinity],
  [CONSTANTS.negativeInfinity, -Infinity],
  [CONSTANTS.negativeZero, -0],
]);

function temporal(kind: string, text: string): unknown {
  return Reflect.get(Temporal, kind).from(text);
}

/** Reads what `serialize` wrote. Elements are made by the given function from the number of their slot. */
export function decode(rows: Row[], slot: (id: number) => unknown): unknown {
  const values: unknown[] = [];

  function at(position: Position): unknown {
    if (position < 0) return FIXED.get(position);
    return position in values ? values[position] : read(position);
  }

  /** A value that has members is known before they are read, for they may lead back to it. */
  function keep<T>(position: Position, value: T): T {
    values[position] = value;
    return value;
  }

  function read(position: Position): unknown {
    const row = rows[position];
    if (typeof row !== "object") return keep(position, row);
    if (Array.isArray(row)) return typeof row[0] === "string" ? tagged(position, row) : list(position, row);
    const object: Record<string, unknown> = keep(position, {});
    for (const key in row) object[key] = at(row[key] ?? -1);
    return object;
  }

  function list(position: Position, row: unknown[]): unknown {
    const array = keep(position, new Array<unknown>(row.length));
    row.forEach((member, index) => {
      if (member !== CONSTANTS.hole) array[index] = at(Number(member));
    });
    return array;
  }

  function tagged(position: Position, [tag, ...members]: unknown[]): unknown {
    const [first, second] = members;
    const text = String(first);
    switch (tag) {
      case "signal": {
        const made = keep(position, signal<unknown>(undefined));
        made.value = at(Number(first));
        return made;
      }
      case "computed":
        return keep(position, computed(() => at(Number(first))));
      case "map": {
        const map = keep(position, new Map());
        for (let i = 0; i < members.length; i += 2) map.set(at(Number(members[i])), at(Number(members[i + 1])));
        return map;
      }
      case "set": {
        const set = keep(position, new Set());
        for (const member of members) set.add(at(Number(member)));
        return set;
      }
      case "bigint":
        return keep(position, BigInt(text));
      case "bytes":
        return keep(position, Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
      case "date":
        return keep(position, new Date(text || NaN));
      case "url":
        return keep(position, new URL(text));
      case "regexp":
        return keep(position, new RegExp(text, String(second)));
      case "temporal":
        return keep(position, temporal(text, String(second)));
      default:
        return keep(position, slot(Number(first)));
    }
  }

  return at(0);
}
