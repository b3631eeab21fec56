import type { ContainerNode } from "preact";
import type { Range } from "./island_ranges.ts";

/** The nodes between the markers of an island. */
function nodesIn({ start, end }: Range): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (let node = start.nextSibling; node !== null && node !== end; node = node.nextSibling) nodes.push(node);
  return nodes;
}

/**
 * An object that stands in for the parent element of an island, so that preact renders between its markers and leaves
 * the siblings outside of them alone.
 */
export function rangeRoot(range: Range): ContainerNode {
  const { start, end } = range;
  const parent = end.parentNode;
  if (parent === null) throw new Error("Cannot draw an island that is not in the document");

  /** Limits a reference node to the range, since preact looks for the next sibling beyond the end of the island. */
  const before = (reference: Node | null) => {
    const inside = reference !== null &&
      (end.compareDocumentPosition(reference) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
    return inside ? reference : end;
  };

  const root = {
    nodeType: Node.ELEMENT_NODE,
    parentNode: parent,
    get firstChild() {
      return start.nextSibling === end ? null : start.nextSibling;
    },
    get childNodes() {
      return nodesIn(range);
    },
    namespaceURI: parent instanceof Element ? parent.namespaceURI : null,
    contains: (node: Node | null) => parent.contains(node),
    insertBefore: (node: Node, reference: Node | null) => parent.insertBefore(node, before(reference)),
    appendChild: (node: Node) => parent.insertBefore(node, end),
    removeChild: (node: Node) => parent.removeChild(node),
  };
  return root;
}
