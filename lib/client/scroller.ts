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

/** Keeps the reader's place while messages come and go around it. */
export class Scroller {
  readonly #element: HTMLElement;
  #anchor: { readonly element: Element; readonly top: number } | undefined;

  /** @param element What scrolls; the `article`s in it are the messages. */
  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Whether the end is in view. */
  get atEnd(): boolean {
    return -this.#element.scrollTop < END_WITHIN;
  }

  /** Whether it's time to load the page before. */
  get nearStart(): boolean {
    const { scrollHeight, clientHeight, scrollTop } = this.#element;
    return scrollHeight - clientHeight + scrollTop < clientHeight * AHEAD;
  }

  /** Whether it's time to load the page after. */
  get nearEnd(): boolean {
    return -this.#element.scrollTop < this.#element.clientHeight * AHEAD;
  }

  /** Remembers the message at the top of the view. Call it after each scroll and each change. */
  remember(): void {
    const element = this.#firstVisible();
    this.#anchor = element && { element, top: element.getBoundingClientRect().top };
  }

  /** Moves the remembered message back to its place. */
  restore(): void {
    if (!this.#anchor?.element.isConnected) return;
    const moved = this.#anchor.element.getBoundingClientRect().top - this.#anchor.top;
    if (Math.abs(moved) >= 1) this.#element.scrollTop += moved;
  }

  /** Scrolls to the end. */
  toEnd(): void {
    this.#element.scrollTop = 0;
  }

  #firstVisible(): Element | undefined {
    const { top } = this.#element.getBoundingClientRect();
    const articles = this.#element.getElementsByTagName("article");
    // Binary search for the first whose lower edge is in view.
    let low = 0, high = articles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((articles[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle;
      else low = middle + 1;
    }
    return articles[low];
  }
}

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
