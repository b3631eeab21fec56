import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { BuildCache } from "../build_cache.ts";
import { LIVE_RELOAD } from "../live_reload.ts";
import { currentPage, withPage } from "./current.ts";
import { HEAD_PLACE } from "./hooks.ts";
import { Page } from "./page.ts";
import { PageEnd } from "./page_end.ts";

const nonces = new WeakMap<Response, string>();

/** The nonce of the page in a response; undefined for other responses, even those with the body of a page's response. */
export function nonceOf(response: Response): string | undefined {
  return nonces.get(response);
}

/** The elements at the end of the head: the children of `<Head>` and, during development, the script for reloads. */
function HeadEnd(): VNode {
  const { head, cache } = currentPage();
  const reload = cache.mode === "development" ? h("script", { type: "module", src: LIVE_RELOAD }) : null;
  return h(Fragment, null, ...head, reload);
}

function drawHead(page: Page): string {
  const content = page.has.head ? page.headContent : h("meta", { charset: "utf-8" });
  return withPage(page, () => renderToString(h(Fragment, null, content, h(HeadEnd, null))));
}

/** Adds the elements of a document that the rendered content lacks. */
function complete(page: Page, content: string): string {
  const { has } = page;
  let html = content;
  if (!has.body) html = `<body>${html}${withPage(page, () => renderToString(h(PageEnd, null)))}</body>`;
  const head = drawHead(page);
  // The replacement is a function, since `$` has a special meaning in a replacement string.
  html = has.head ? html.replace(HEAD_PLACE, () => head) : insertHead(page, html, `<head>${head}</head>`);
  return `<!DOCTYPE html>${has.html ? html : `<html>${html}</html>`}`;
}

function insertHead(page: Page, html: string, head: string): string {
  return page.has.html ? html.replace(/<html[^>]*>/, (tag) => tag + head) : head + html;
}

/** The `Link` header that has the browser load the islands' modules while it parses the page. */
function preloads({ cache, islands }: Page): string {
  if (islands.length === 0) return "";
  const paths = new Set([cache.boot, ...islands.map(({ entry }) => entry.chunk)]);
  for (const path of paths) cache.imports[path]?.forEach((imported) => paths.add(imported));
  return [...paths].map((path) => `<${encodeURI(path)}>; rel="modulepreload"; as="script"`).join(", ");
}

/**
 * Renders a page as a response.
 *
 * @throws The errors of the components, and a `TypeError` if the props of an island cannot be serialized.
 */
export function drawPage(
  content: ComponentChildren,
  cache: BuildCache,
  init: ResponseInit & { headers: Headers },
): Response {
  const page = new Page(cache);
  const html = complete(page, withPage(page, () => renderToString(h(Fragment, null, content))));
  init.headers.set("content-type", "text/html; charset=utf-8");
  const link = preloads(page);
  if (link !== "") init.headers.append("link", link);
  const response = new Response(html, init);
  nonces.set(response, page.nonce);
  return response;
}
