import { type ComponentChild, type ComponentType, h } from "preact";
import { END_MARKER, ISLAND_MARKER, SLOT_MARKER, TEMPLATE_ID } from "./marker_names.ts";

/** The part of the document between a pair of markers. */
export interface Range {
  id: number;
  start: Comment;
  end: Comment;
}

/** What islands are made from. */
export interface Revival {
  components: ComponentType<object>[];
  types: number[];
  props: object[];
  slots: Map<number, ComponentChild[]>;
}

function markerId(node: Node, marker: string): number | null {
  if (!(node instanceof Comment) || !node.data.startsWith(marker)) return null;
  return Number(node.data.slice(marker.length));
}

function isMarker(node: Node): node is Comment {
  return node instanceof Comment && node.data.startsWith("frsh:");
}

function isEnd(node: Node): node is Comment {
  return node instanceof Comment && node.data === END_MARKER;
}

/** The end that belongs to a marker: those of others that begin in between are passed over. */
function endOf(start: Comment): Comment {
  let open = 0;
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (isMarker(node)) open++;
    else if (isEnd(node) && open-- === 0) return node;
  }
  throw new Error(`Cannot revive "${start.data}" as its end is missing`);
}

function* comments(root: Node): Generator<Comment> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Comment) yield node;
  }
}

/** The islands that stand in the page itself, not inside of another one. */
export function islandRanges(root: Node): Range[] {
  const ranges: Range[] = [];
  let depth = 0;
  for (const comment of comments(root)) {
    if (isEnd(comment)) depth--;
    if (!isMarker(comment)) continue;
    const id = markerId(comment, ISLAND_MARKER);
    if (id !== null && depth === 0) ranges.push({ id, start: comment, end: endOf(comment) });
    depth++;
  }
  return ranges;
}

/** Reads all elements that were handed to islands, be they drawn or waiting in a template. */
export function collectSlots(revival: Revival): void {
  collectFrom(revival, document);
  for (const template of document.querySelectorAll<HTMLTemplateElement>(`template[id^=${TEMPLATE_ID}]`)) {
    collectFrom(revival, template.content);
  }
}

function collectFrom(revival: Revival, root: Node): void {
  for (const comment of comments(root)) {
    const id = markerId(comment, SLOT_MARKER);
    if (id !== null && !revival.slots.has(id)) {
      revival.slots.set(id, between(revival, comment.nextSibling, endOf(comment)));
    }
  }
}

/** The elements of a slot. */
export function slotContent(revival: Revival, id: number): ComponentChild[] {
  return revival.slots.get(id) ?? [];
}

/** The nodes from the first up to the end as elements that preact can draw. */
function between(revival: Revival, first: Node | null, end: Node | null): ComponentChild[] {
  const children: ComponentChild[] = [];
  for (let node = first; node !== end && node !== null; node = node.nextSibling) {
    if (node instanceof Text) children.push(node.data);
    else if (node instanceof Element) children.push(elementOf(revival, node));
    else if (isMarker(node)) {
      const stop = endOf(node);
      const id = markerId(node, ISLAND_MARKER);
      if (id === null) children.push(...between(revival, node.nextSibling, stop));
      else children.push(islandOf(revival, id));
      node = stop;
    }
  }
  return children;
}

function islandOf({ components, types, props }: Revival, id: number): ComponentChild {
  const component = components[types[id] ?? -1];
  return component === undefined ? null : h(component, props[id] ?? {});
}

function elementOf(revival: Revival, element: Element): ComponentChild {
  const props: Record<string, unknown> = {};
  for (const { name, value } of element.attributes) {
    // The attribute of a boolean property says true by being there, and preact would read its empty text as false.
    props[name] = value === "" && Reflect.get(element, name) === true ? true : value;
  }
  return h(element.localName, props, ...between(revival, element.firstChild, null));
}
