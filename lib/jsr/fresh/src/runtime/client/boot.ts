import { type ComponentType, h, render } from "preact";
import { decode } from "../../values/decode.ts";
import type { Row } from "../../values/format.ts";
import { rangeRoot } from "./range_root.ts";
import { collectSlots, islandRanges, type Revival, slotContent } from "./revive.ts";

interface SlotProps {
  id: number;
}

/**
 * Brings the islands of a page to life. Each is drawn over the markup that the server sent, which it takes over and corrects.
 *
 * @param components The components of the page's islands.
 * @param types For each island on the page the position of its component.
 * @param rows The props of each island, as `serialize` wrote them.
 */
export function boot(components: ComponentType<object>[], types: number[], rows: Row[]): void {
  const revival: Revival = { components, types, props: [], slots: new Map() };
  const Slot = ({ id }: SlotProps) => slotContent(revival, id);
  const slot = (id: number) => h(Slot, { id });
  const props = decode(rows, slot);
  if (Array.isArray(props)) revival.props = props;

  // All markers are read before anything is drawn, since drawing removes those that it does not know.
  const ranges = islandRanges(document);
  collectSlots(revival);
  for (const range of ranges) {
    const component = components[types[range.id] ?? -1];
    if (component === undefined) continue;
    try {
      render(h(component, revival.props[range.id] ?? {}), rangeRoot(range));
    } catch (error) {
      // One island that fails must not keep the others from working.
      reportError(error);
    }
  }
}
