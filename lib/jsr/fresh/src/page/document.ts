import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { LIVE_RELOAD } from "../live_reload.ts";
import { asset } from "../runtime/asset.ts";
import { currentPage, withPage } from "./current.ts";
import { HEAD_PLACE } from "./hooks.ts";
import { Page, type PageSource } from "./page.ts";
import { PageEnd } from "./page_end.ts";

const nonces = new WeakMap<Response, string>();

/** The nonce of the page that a response holds. A response that was built from another has none. */
export function nonceOf(response: Response): string | undefined {
  return nonces.get(response);
}

/** What the page adds to its head: style sheets of its route, and what `<Head>` holds. */
function RemainingHead(): VNode {
  const page = currentPage();
  const sheets = page.source.css.map((href) => h("link", { rel: "stylesheet", href: asset(href) }));
  const reload = page.source.config.mode === "development" ? h("script", { type: "module", src: LIVE_RELOAD }) : null;
  return h(Fragment, null, sheets, page.remainingHead(), reload);
}

function drawHead(page: Page): string {
  const content = page.has.head ? page.headContent : h("meta", { charset: "utf-8" });
  return withPage(page, () => renderToString(h(Fragment, null, content, h(RemainingHead, null))), true);
}

/** Puts around the drawn content what it lacks of a document. */
function complete(page: Page, content: string): string {
  const { has } = page;
  let html = content;
  if (!has.body) html = `<body>${html}${withPage(page, () => renderToString(h(PageEnd, null)))}</body>`;
  const head = drawHead(page);
  // A function as the replacement, since the content may have the signs that a string gives a meaning to.
  html = has.head ? html.replace(HEAD_PLACE, () => head) : insertHead(page, html, `<head>${head}</head>`);
  return `<!DOCTYPE html>${has.html ? html : `<html>${html}</html>`}`;
}

function insertHead(page: Page, html: string, head: string): string {
  return page.has.html ? html.replace(/<html[^>]*>/, (tag) => tag + head) : head + html;
}

/** The modules that the page's islands need, so that the browser fetches them while it reads the page. */
function preloads(page: Page): string {
  const { cache, config } = page.source;
  if (cache === null || page.islands.length === 0) return "";
  const paths = new Set([cache.boot, ...page.islands.map(({ entry }) => entry.chunk)]);
  for (const path of paths) cache.imports[path]?.forEach((imported) => paths.add(imported));
  return [...paths].map((path) => `<${encodeURI(config.basePath + path)}>; rel="modulepreload"; as="script"`).join(
    ", ",
  );
}

/**
 * Draws a whole page as a response.
 *
 * @throws What the components throw, and a `TypeError` if an island is given what cannot be sent to the browser.
 */
export function drawPage(
  content: ComponentChildren,
  source: PageSource,
  init: ResponseInit & { headers: Headers },
): Response {
  const page = new Page(source);
  const html = complete(page, withPage(page, () => renderToString(h(Fragment, null, content))));
  const link = preloads(page);
  if (link !== "") init.headers.append("link", link);
  const response = new Response(html, init);
  nonces.set(response, page.nonce);
  return response;
}
