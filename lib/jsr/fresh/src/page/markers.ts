import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { END_MARKER, ISLAND_MARKER, SLOT_MARKER } from "../runtime/client/marker_names.ts";

/** What is drawn between a pair of markers. */
export interface MarkedProps {
  id: number;
  content: ComponentChildren;
}

function marked(name: string, { id, content }: MarkedProps): VNode {
  // Only a template can write comments, which are the one kind of node that is allowed everywhere and disturbs nothing.
  return jsxTemplate([`<!--${name}${id}-->`, `<!--${END_MARKER}-->`], h(Fragment, null, content));
}

/** Draws an island between its markers. */
export function MarkedIsland(props: MarkedProps): VNode {
  return marked(ISLAND_MARKER, props);
}

/** Draws elements that were handed to an island between their markers. */
export function MarkedSlot(props: MarkedProps): VNode {
  return marked(SLOT_MARKER, props);
}
