/** Formats a value for comparison: strings quoted, all levels of nesting, keys sorted. */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
  });
}

/** A line diff of two formatted values: `-` marks lines of `actual` alone, `+` lines of `expected` alone. */
export function difference(actual: unknown, expected: unknown): string {
  const left = format(actual).split("\n");
  const right = format(expected).split("\n");
  let start = 0;
  while (
    start < left.length && start < right.length && left[start] === right[start]
  ) start++;
  let end = 0;
  const shorter = Math.min(left.length, right.length) - start;
  while (end < shorter && left.at(-1 - end) === right.at(-1 - end)) end++;
  return [
    ...left.slice(0, start).map((line) => `    ${line}`),
    ...left.slice(start, left.length - end).map((line) => `-   ${line}`),
    ...right.slice(start, right.length - end).map((line) => `+   ${line}`),
    ...left.slice(left.length - end).map((line) => `    ${line}`),
  ].join("\n");
}
