import { type ComponentType, h, render } from "preact";
import { decode } from "../../values/decode.ts";
import type { Row } from "../../values/format.ts";
import { islandRanges } from "./island_ranges.ts";
import { rangeRoot } from "./range_root.ts";

/**
 * Hydrates the islands of a page: each renders over the markup from the server, and corrects it where it differs.
 *
 * @param components The components of the page's islands.
 * @param types The index in `components` for each island on the page.
 * @param rows The props of each island, as `serialize` wrote them.
 */
export function boot(components: ComponentType<object>[], types: number[], rows: Row[]): void {
  const props = decode(rows);
  if (!Array.isArray(props)) return;
  // All markers are found before the first render, since rendering removes nodes that preact does not know.
  for (const range of islandRanges()) {
    const component = components[types[range.id] ?? -1];
    if (component === undefined) continue;
    try {
      render(h(component, props[range.id] ?? {}), rangeRoot(range));
    } catch (error) {
      // The error of one island does not stop the others.
      reportError(error);
    }
  }
}
