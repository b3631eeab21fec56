import { type ComponentChild, Fragment, h, type VNode } from "preact";
import type { IslandEntry } from "../build_cache.ts";
import { serialize } from "../values/serialize.ts";
import { currentPage } from "./current.ts";
import { TEMPLATE_ID } from "../runtime/client/marker_names.ts";
import { MarkedSlot } from "./markers.ts";
import type { Page } from "./page.ts";

/** What comes last in the body: elements that no island shows yet, and the script that brings the islands to life. */
export function PageEnd(): VNode {
  return h(Fragment, null, h(WaitingSlots, null), h(BootScript, null));
}

/** Templates with the slots that were not drawn. */
function WaitingSlots(): ComponentChild {
  const page = currentPage();
  return page.slots.map((slot, id) =>
    slot.drawn ? null : h("template", { id: TEMPLATE_ID + id }, h(MarkedSlot, { id, content: slot.content }))
  );
}

/** The position of each island's component in the list that the browser gets. */
function componentsOf(page: Page): Map<IslandEntry, number> {
  const components = new Map<IslandEntry, number>();
  for (const { entry } of page.islands) {
    if (!components.has(entry)) components.set(entry, components.size);
  }
  return components;
}

function importsOf(page: Page, components: Map<IslandEntry, number>): string {
  const { basePath } = page.source.config;
  return [...components].map(([{ chunk, exportName }, index]) =>
    `import{${exportName} as i${index}}from${JSON.stringify(basePath + chunk)};`
  ).join("");
}

function bootCode(page: Page): string {
  const { cache, config } = page.source;
  const components = componentsOf(page);
  const values = serialize(page.islands.map(({ props }) => props), (value) => page.slotInPlaceOf(value));
  const names = Array.from(components, (_, index) => `i${index}`);
  const types = page.islands.map(({ entry }) => components.get(entry));
  const boot = JSON.stringify(config.basePath + (cache?.boot ?? ""));
  return `import{boot}from${boot};${importsOf(page, components)}boot([${names}],[${types}],${values})`;
}

function BootScript(): ComponentChild {
  const page = currentPage();
  if (page.islands.length === 0) return null;
  const code = bootCode(page);
  // Drawing the templates, and looking into the props, may have led to more islands and slots.
  if (page.slots.some(({ drawn }) => !drawn)) return h(PageEnd, null);
  return h("script", { type: "module", nonce: page.nonce, dangerouslySetInnerHTML: { __html: code } });
}
