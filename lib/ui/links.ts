/**
 * Finds URLs in text. Only `http` and `https`, as other schemes could run scripts.
 * @module
 */

/** A URL in a message. */
export interface Link {
  readonly type: "link";
  readonly href: string;
  /** The URL as it was typed. */
  readonly text: string;
}

/** A link and its place in the text: from `start` up to, not including, `end`. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly link: Link;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"`]+/gi;
const TAIL = /[.,;:!?'’”*_~…]/;
const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** The links of a text, in order. */
export function links(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTail(match[0]);
    const url = parsed(address);
    if (!url?.hostname) continue;
    const start = match.index;
    found.push({ start, end: start + address.length, link: { type: "link", href: url.href, text: address } });
  }
  return found;
}

function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** Cuts off punctuation that ends a sentence, and brackets that were opened before the URL. */
function withoutTail(address: string): string {
  const surplus: Record<string, number> = {};
  for (const [closer, opener] of Object.entries(CLOSERS)) {
    surplus[closer] = count(address, closer) - count(address, opener);
  }
  let end = address.length;
  while (end > 0) {
    const last = address.charAt(end - 1);
    const unopened = surplus[last];
    if (unopened !== undefined) {
      if (unopened <= 0) break;
      surplus[last] = unopened - 1;
    } else if (!TAIL.test(last)) break;
    end--;
  }
  return address.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
