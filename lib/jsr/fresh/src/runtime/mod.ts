/**
 * The functions and components that components use on the server and in the browser.
 *
 * @module
 */

export { asset } from "./asset.ts";
export { Head } from "./head.ts";

/** Whether the code runs in a browser. */
export const IS_BROWSER: boolean = typeof document !== "undefined";
