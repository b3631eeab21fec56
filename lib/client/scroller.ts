/**
 * Where the reader is in the timeline, kept while messages come and go around it. The element is laid out from its end
 * (`column-reverse`): `scrollTop` is 0 there, and negative above.
 * @module
 */

/** Nearer to the end than this, in pixels, is at the end. */
const END_WITHIN = 40;
/** Pages load when the reader is this near to a side, in screens. */
const AHEAD = 1.5;

/** Keeps the reader's place in an element that scrolls. */
export class Scroller {
  readonly #element: HTMLElement;
  #anchor: { readonly element: Element; readonly top: number } | undefined;

  /** @param element What scrolls; the `article`s in it are what is read. */
  constructor(element: HTMLElement) {
    this.#element = element;
  }

  /** Whether the end is in sight. */
  get atEnd(): boolean {
    return -this.#element.scrollTop < END_WITHIN;
  }

  /** Whether it is time to load what lies before. */
  get nearStart(): boolean {
    const { scrollHeight, clientHeight, scrollTop } = this.#element;
    return scrollHeight - clientHeight + scrollTop < clientHeight * AHEAD;
  }

  /** Whether it is time to load what lies after. */
  get nearEnd(): boolean {
    return -this.#element.scrollTop < this.#element.clientHeight * AHEAD;
  }

  /** Remembers what is at the top of the view. Call it after each scroll and each change. */
  remember(): void {
    const element = this.#firstVisible();
    this.#anchor = element && { element, top: element.getBoundingClientRect().top };
  }

  /** Puts what was at the top of the view back there, after messages came or went. */
  restore(): void {
    if (!this.#anchor?.element.isConnected) return;
    const moved = this.#anchor.element.getBoundingClientRect().top - this.#anchor.top;
    if (Math.abs(moved) >= 1) this.#element.scrollTop += moved;
  }

  /** Goes to the end. */
  toEnd(): void {
    this.#element.scrollTop = 0;
  }

  #firstVisible(): Element | undefined {
    const { top } = this.#element.getBoundingClientRect();
    const articles = this.#element.getElementsByTagName("article");
    // They stand in order, so the first whose lower edge is in view is found by halving.
    let low = 0, high = articles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((articles[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle;
      else low = middle + 1;
    }
    return articles[low];
  }
}
