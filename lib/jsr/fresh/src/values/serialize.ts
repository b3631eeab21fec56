import { Signal } from "@preact/signals";
import { CONSTANTS, type Position, type Row, type Tag } from "./format.ts";

/** Gives the number under which the browser finds what elements were drawn as; undefined for what is data. */
export type SlotOf = (value: object) => number | undefined;

function constantFor(value: unknown): Position | undefined {
  if (value === undefined) return CONSTANTS.undefined;
  if (value === null) return CONSTANTS.null;
  if (value === true) return CONSTANTS.true;
  if (value === false) return CONSTANTS.false;
  if (typeof value !== "number") return undefined;
  if (Number.isNaN(value)) return CONSTANTS.nan;
  if (value === Infinity) return CONSTANTS.infinity;
  if (value === -Infinity) return CONSTANTS.negativeInfinity;
  return Object.is(value, -0) ? CONSTANTS.negativeZero : undefined;
}

function temporalKind(value: object): string | undefined {
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return name.startsWith("Temporal.") ? name.slice("Temporal.".length) : undefined;
}

function isSignal(value: object): value is Signal {
  return value instanceof Signal;
}

class Table {
  readonly rows: Row[] = [];
  readonly #known = new Map<unknown, Position>();
  readonly #slotOf: SlotOf;

  constructor(slotOf: SlotOf) {
    this.#slotOf = slotOf;
  }

  /** The position of a value, which gets a row when it is first met. */
  place(value: unknown): Position {
    const position = constantFor(value) ?? this.#known.get(value);
    if (position !== undefined) return position;
    const at = this.rows.length;
    this.#known.set(value, at);
    // The row is kept free, since the members that a value leads to may lead back to it.
    this.rows.push(0);
    this.rows[at] = this.#row(value);
    return at;
  }

  #row(value: unknown): Row {
    switch (typeof value) {
      case "string":
      case "number":
        return value;
      case "bigint":
        return ["bigint", String(value)];
      case "object":
        if (value !== null) return this.#objectRow(value);
    }
    throw new TypeError(`Cannot pass a ${typeof value} to an island: only data can be sent to the browser`);
  }

  #objectRow(value: object): Row {
    const slot = this.#slotOf(value);
    if (slot !== undefined) return ["jsx", slot];
    if (Array.isArray(value)) {
      return Array.from(value, (member, index) => index in value ? this.place(member) : CONSTANTS.hole);
    }
    return this.#builtInRow(value) ?? this.#plainRow(value);
  }

  #builtInRow(value: object): [Tag, ...(string | number)[]] | undefined {
    if (isSignal(value)) {
      const isComputed = Object.getPrototypeOf(value) !== Signal.prototype;
      return [isComputed ? "computed" : "signal", this.place(value.peek())];
    }
    if (value instanceof Date) return ["date", value.toJSON() ?? ""];
    if (value instanceof URL) return ["url", value.href];
    if (value instanceof RegExp) return ["regexp", value.source, value.flags];
    if (value instanceof Uint8Array) return ["bytes", value.toBase64()];
    if (value instanceof Map) return ["map", ...[...value].flat().map((member) => this.place(member))];
    if (value instanceof Set) return ["set", ...[...value].map((member) => this.place(member))];
    const temporal = temporalKind(value);
    return temporal === undefined ? undefined : ["temporal", temporal, String(value)];
  }

  #plainRow(value: object): Row {
    const row: { [key: string]: Position } = {};
    for (const [key, member] of Object.entries(value)) {
      // In a script this key would set the prototype.
      if (key !== "__proto__") row[key] = this.place(member);
    }
    return row;
  }
}

/**
 * Writes values as an expression that is safe inside of a `<script>`; `decode` reads it in the browser.
 *
 * @throws {TypeError} If a function or a symbol is among them.
 */
export function serialize(value: unknown, slotOf: SlotOf): string {
  const table = new Table(slotOf);
  table.place(value);
  return JSON.stringify(table.rows).replaceAll("<", "\\u003c");
}
