/** The pairs of objects under comparison, which are assumed to be equal when they are met again in a cycle. */
type Pairs = Map<object, Set<object>>;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether two objects have the same class. Objects without a prototype count as plain objects. */
function sameKind(a: object, b: object): boolean {
  const left = Object.getPrototypeOf(a);
  const right = Object.getPrototypeOf(b);
  const plain = (prototype: unknown) => prototype === null || prototype === Object.prototype;
  return left === right || (plain(left) && plain(right));
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const left = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const right = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return left.every((byte, index) => byte === right[index]);
}

/** Whether the members of two collections can be paired one to one so that each pair is equal. */
function sameMembers(
  a: Iterable<unknown>,
  b: Iterable<unknown>,
  seen: Pairs,
): boolean {
  const rest = new Set(b);
  for (const member of a) {
    if (rest.delete(member)) continue;
    const twin = [...rest].find((candidate) => compare(member, candidate, seen));
    if (twin === undefined && !rest.has(undefined)) return false;
    rest.delete(twin);
  }
  return rest.size === 0;
}

function sameEntries(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  seen: Pairs,
): boolean {
  const primitiveKeys = [...a.keys(), ...b.keys()].every((key) => !isObject(key));
  if (!primitiveKeys) return sameMembers(a, b, seen);
  for (const [key, value] of a) {
    if (!b.has(key) || !compare(value, b.get(key), seen)) return false;
  }
  return true;
}

function ownKeys(value: object): PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value);
  return [
    ...Object.keys(value),
    ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)),
  ];
}

function sameProperties(a: object, b: object, seen: Pairs): boolean {
  const keys = ownKeys(a);
  if (keys.length !== ownKeys(b).length) return false;
  return keys.every((key) =>
    Object.hasOwn(b, key) &&
    compare(Reflect.get(a, key), Reflect.get(b, key), seen)
  );
}

function compareObjects(a: object, b: object, seen: Pairs): boolean {
  if (!sameKind(a, b)) return false;
  if (a instanceof WeakRef && b instanceof WeakRef) {
    return compare(a.deref(), b.deref(), seen);
  }
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError(
      "Cannot compare WeakMap or WeakSet instances: their members cannot be listed",
    );
  }
  if (a instanceof Date && b instanceof Date) {
    return Object.is(a.getTime(), b.getTime());
  }
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (a instanceof Number || a instanceof String || a instanceof Boolean) {
    return Object.is(a.valueOf(), b.valueOf());
  }
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return sameBytes(a, b);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return sameBytes(new Uint8Array(a), new Uint8Array(b));
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) {
    return false;
  }

  // A pair that is under comparison further up the stack is a cycle, so it is equal as far as this branch can see.
  const partners = seen.get(a) ?? new Set();
  if (partners.has(b)) return true;
  seen.set(a, partners.add(b));

  if (
    a instanceof Error && b instanceof Error &&
    (a.message !== b.message || a.name !== b.name)
  ) return false;
  if (
    a instanceof Set && b instanceof Set &&
    (a.size !== b.size || !sameMembers(a, b, seen))
  ) return false;
  if (
    a instanceof Map && b instanceof Map &&
    (a.size !== b.size || !sameEntries(a, b, seen))
  ) return false;
  return sameProperties(a, b, seen);
}

function compare(a: unknown, b: unknown, seen: Pairs): boolean {
  if (a === b || Object.is(a, b)) return true;
  return isObject(a) && isObject(b) && compareObjects(a, b, seen);
}

/**
 * Whether two values are deeply equal: same class, same own properties, same members of maps and sets, same bytes.
 * `NaN` equals itself, `0` equals `-0`, and cycles are followed once.
 *
 * @throws {TypeError} If a `WeakMap` or `WeakSet` is compared with another one.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}
