import { CONSTANTS, type Position, type Row } from "./format.ts";

function constantFor(value: unknown): Position | undefined {
  if (value === undefined) return CONSTANTS.undefined;
  if (value === null) return CONSTANTS.null;
  if (value === true) return CONSTANTS.true;
  return value === false ? CONSTANTS.false : undefined;
}

const typeOf = (value: unknown) => Object.prototype.toString.call(value).slice("[object ".length, -1);

/** Whether a value is an element. Data from JSON is none, since its `constructor` is never undefined. */
function isVNode(value: object): boolean {
  return Object.hasOwn(value, "constructor") && value.constructor === undefined;
}

/** Whether the data of an object is all in its own properties, unlike that of a `Map` or a `Date`. */
function isRecord(value: object): boolean {
  return typeOf(value) === "Object" && !isVNode(value);
}

class Table {
  readonly rows: Row[] = [];
  readonly #known = new Map<unknown, Position>();

  /** The position of a value. A new value gets a row. */
  place(value: unknown): Position {
    const position = constantFor(value) ?? this.#known.get(value);
    if (position !== undefined) return position;
    const at = this.rows.length;
    this.#known.set(value, at);
    // The row is reserved first, since the members of the value may refer back to it.
    this.rows.push(0);
    this.rows[at] = this.#row(value);
    return at;
  }

  #row(value: unknown): Row {
    if (typeof value === "string" || (typeof value === "number" && Number.isFinite(value))) return value;
    if (Array.isArray(value)) return Array.from(value, (member) => this.place(member));
    if (typeof value === "object" && value !== null && isRecord(value)) {
      // A `__proto__` in an object literal of the script would set the prototype.
      const members = Object.entries(value).filter(([key]) => key !== "__proto__");
      return Object.fromEntries(members.map(([key, member]) => [key, this.place(member)]));
    }
    throw new TypeError(`Cannot pass a ${typeOf(value)} to an island: only plain data can be sent to the browser`);
  }
}

/**
 * Serializes a value as an expression that is safe inside of a `<script>`. `decode` reads it in the browser.
 *
 * @throws {TypeError} If it contains anything but strings, finite numbers, booleans, null, undefined, arrays and objects.
 */
export function serialize(value: unknown): string {
  const table = new Table();
  table.place(value);
  return JSON.stringify(table.rows).replaceAll("<", "\\u003c");
}
