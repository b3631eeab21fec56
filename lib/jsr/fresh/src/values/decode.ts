import { CONSTANTS, type Position, type Row } from "./format.ts";

const FIXED = new Map<Position, unknown>([
  [CONSTANTS.undefined, undefined],
  [CONSTANTS.null, null],
  [CONSTANTS.true, true],
  [CONSTANTS.false, false],
]);

/** Decodes the table that `serialize` writes. */
export function decode(rows: Row[]): unknown {
  const values: unknown[] = [];

  function at(position: Position): unknown {
    if (position < 0) return FIXED.get(position);
    return position in values ? values[position] : read(position);
  }

  /** Decodes a row. Arrays and objects are stored before their members are decoded, which may refer back to them. */
  function read(position: Position): unknown {
    const row = rows[position];
    if (typeof row !== "object") return values[position] = row;
    if (Array.isArray(row)) {
      const array: unknown[] = values[position] = [];
      for (const member of row) array.push(at(member));
      return array;
    }
    const object: Record<string, unknown> = values[position] = {};
    for (const key in row) object[key] = at(row[key] ?? -1);
    return object;
  }

  return at(0);
}
