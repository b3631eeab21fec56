import type { Page } from "./page.ts";

/** Rendering is synchronous, so there is never more than one page under way. */
let current: { page: Page; inHead: boolean } | null = null;

/** The page that is being drawn, and whether it is its head; null between pages. */
export function beingDrawn(): { page: Page; inHead: boolean } | null {
  return current;
}

/**
 * The page that is being drawn.
 *
 * @throws {Error} If there is none.
 */
export function currentPage(): Page {
  if (current === null) throw new Error("Cannot draw this part as no page is being drawn");
  return current.page;
}

/** Draws a part of a page, be it of its head, by a function that renders it at once. */
export function withPage<T>(page: Page, render: () => T, inHead = false): T {
  const outer = current;
  current = { page, inHead };
  try {
    return render();
  } finally {
    page.restore();
    current = outer;
  }
}
