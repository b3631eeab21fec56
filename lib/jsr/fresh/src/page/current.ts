import type { Page } from "./page.ts";

/** The page under rendering. There is at most one, since rendering is synchronous. */
let current: Page | null = null;

/** The page under rendering; null if there is none. */
export function beingDrawn(): Page | null {
  return current;
}

/**
 * The page under rendering.
 *
 * @throws {Error} If there is none.
 */
export function currentPage(): Page {
  if (current === null) throw new Error("Cannot draw this part as no page is being drawn");
  return current;
}

/** Calls a function that renders a part of a page. */
export function withPage<T>(page: Page, render: () => T): T {
  const outer = current;
  current = page;
  try {
    return render();
  } finally {
    page.restore();
    current = outer;
  }
}
