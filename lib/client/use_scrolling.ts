/**
 * Scrolling in the timeline.
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { Scroller } from "@/lib/client/scroller.ts";

/**
 * Keeps the reader's place over changes, and loads pages before they are reached.
 *
 * @param marked `seq` of the message that the page opens at.
 */
export function useScrolling(room: RoomStore, marked: number | undefined) {
  const element = useRef<HTMLElement>(null);
  const scroller = useRef<Scroller>();
  const { newer } = room.history.window.value;
  const look = () => {
    const at = scroller.current;
    if (!at) return;
    at.remember();
    room.view.atEnd = at.atEnd && !room.history.window.peek().newer;
    room.seen();
    if (room.history.hasFailed) return;
    if (at.nearStart) room.history.loadOlder();
    else if (at.nearEnd) room.history.loadNewer();
  };
  useLayoutEffect(() => {
    if (!element.current) return;
    scroller.current = new Scroller(element.current);
    if (marked !== undefined) document.getElementById(`m${marked}`)?.scrollIntoView({ block: "center" });
    look();
  }, []);
  useLayoutEffect(() => {
    if (!room.view.atEnd) scroller.current?.restore();
    look();
  }, [room.history.window.value, room.view.editing.value]);
  useLayoutEffect(() => {
    if (room.view.toEnd.value === 0) return;
    scroller.current?.toEnd();
    look();
  }, [room.view.toEnd.value, newer]);
  return { element, onScroll: look };
}
