/** An IP address as a number. */
export interface Address {
  value: bigint;
  bits: 32 | 128;
}

/** A set of addresses. */
export interface Network {
  /** Whether an address is in it. */
  includes(address: Address): boolean;
}

function parseV4(text: string): Address | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return { value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
}

function parseV6(text: string): Address | null {
  const url = URL.parse(`http://[${text}]/`);
  if (url === null) return null;
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const left = groups(head);
  const right = groups(tail ?? "");
  const middle = new Array<string>(8 - left.length - right.length).fill("0");
  const value = [...left, ...middle, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  // A server that listens on both families sees the others' addresses in this form.
  return value >> 32n === 0xffffn ? { value: value & 0xffffffffn, bits: 32 } : { value, bits: 128 };
}

/** Reads an address; null if it is none. */
export function parseAddress(text: string): Address | null {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

/**
 * Reads an address or a network.
 *
 * @throws {TypeError} If it is neither.
 */
export function parseNetwork(text: string): Network {
  const [base = "", length] = text.split("/");
  const address = parseAddress(base);
  const prefix = length === undefined ? address?.bits ?? 0 : Number(length);
  if (address === null || !Number.isInteger(prefix) || prefix < 0 || prefix > address.bits) {
    throw new TypeError(`Cannot read "${text}" as an address or a network`);
  }
  const shift = BigInt(address.bits - prefix);
  const network = address.value >> shift;
  return { includes: ({ value, bits }) => bits === address.bits && value >> shift === network };
}
