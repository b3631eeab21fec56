import { END_MARKER, ISLAND_MARKER } from "./marker_names.ts";

/** The part of the document between the markers of an island. */
export interface Range {
  /** The number of the island on the page. */
  id: number;
  start: Comment;
  end: Comment;
}

function endOf(start: Comment): Comment {
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (node instanceof Comment && node.data === END_MARKER) return node;
  }
  throw new Error(`Cannot start the island of marker "${start.data}" as its end is missing`);
}

/** Finds the islands in the document. */
export function islandRanges(): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Comment) || !node.data.startsWith(ISLAND_MARKER)) continue;
    ranges.push({ id: Number(node.data.slice(ISLAND_MARKER.length)), start: node, end: endOf(node) });
  }
  return ranges;
}
