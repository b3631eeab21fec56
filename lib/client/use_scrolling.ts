/**
 * Scroll position in the timeline. The element is laid out from its end (`column-reverse`): `scrollTop` is 0 there, and
 * negative above.
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomStore } from "@/lib/client/room_store.ts";

/** Within this distance the reader is at the end, in pixels. */
const END_WITHIN = 40;
/** Pages load within this distance from a side, in screens. */
const AHEAD = 1.5;

/**
 * Keeps the reader's place over changes, and loads pages before they are reached.
 *
 * @param marked `seq` of the message that the page opens at.
 */
export function useScrolling(room: RoomStore, marked: number | undefined) {
  const element = useRef<HTMLElement>(null), anchor = useRef<Anchor>();
  const { newer } = room.history.window.value;
  const look = () => {
    const area = element.current;
    if (!area) return;
    const { scrollTop, scrollHeight, clientHeight } = area, ahead = clientHeight * AHEAD;
    anchor.current = firstVisible(area);
    room.view.atEnd = -scrollTop < END_WITHIN && !room.history.window.peek().newer;
    room.seen();
    if (room.history.hasFailed) return;
    if (scrollHeight - clientHeight + scrollTop < ahead) room.history.loadMore("older");
    else if (-scrollTop < ahead) room.history.loadMore("newer");
  };
  useLayoutEffect(() => {
    if (marked !== undefined) document.getElementById(`m${marked}`)?.scrollIntoView({ block: "center" });
    look();
  }, []);
  useLayoutEffect(() => {
    if (!room.view.atEnd && element.current) restore(element.current, anchor.current);
    look();
  }, [room.history.window.value, room.view.editing.value]);
  useLayoutEffect(() => {
    if (room.view.toEnd.value === 0 || !element.current) return;
    element.current.scrollTop = 0;
    look();
  }, [room.view.toEnd.value, newer]);
  return { element, onScroll: look };
}

/** A message at the top of the view, and its distance from the window's top in pixels. */
interface Anchor {
  readonly element: Element;
  readonly top: number;
}

function restore(area: HTMLElement, anchor: Anchor | undefined): void {
  if (!anchor?.element.isConnected) return;
  const moved = anchor.element.getBoundingClientRect().top - anchor.top;
  if (Math.abs(moved) >= 1) area.scrollTop += moved;
}

function firstVisible(area: HTMLElement): Anchor | undefined {
  const { top } = area.getBoundingClientRect(), articles = area.getElementsByTagName("article");
  // Binary search for the first whose lower edge is in view.
  let low = 0, high = articles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((articles[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle;
    else low = middle + 1;
  }
  const element = articles[low];
  return element && { element, top: element.getBoundingClientRect().top };
}
