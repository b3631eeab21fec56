/**
 * Where the browser keeps drafts and the outbox.
 * @module
 */

/** The part of `localStorage` that is used. */
export type KeyValueStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `localStorage`, or undefined where the browser forbids it. */
export function browserStorage(): KeyValueStorage | undefined {
  let storage: KeyValueStorage | undefined;
  try {
    storage = localStorage;
  } catch {
    // Then what is kept lasts as long as the page.
  }
  return storage;
}
