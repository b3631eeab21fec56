import { Fragment, h, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { END_MARKER, ISLAND_MARKER } from "../runtime/client/marker_names.ts";

/** A component that renders an island between two comments, by which the browser code finds it. */
export function MarkedIsland({ id, content }: { id: number; content: VNode }): VNode {
  // Comments are valid everywhere in a document, and only a template can render them.
  return jsxTemplate([`<!--${ISLAND_MARKER}${id}-->`, `<!--${END_MARKER}-->`], h(Fragment, null, content));
}
