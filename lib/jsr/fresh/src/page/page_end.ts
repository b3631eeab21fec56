import { type ComponentChild, h } from "preact";
import type { IslandEntry } from "../build_cache.ts";
import { serialize } from "../values/serialize.ts";
import { currentPage } from "./current.ts";
import type { Page } from "./page.ts";

/** The index of each island component in the list that the browser code gets. */
function componentsOf(page: Page): Map<IslandEntry, number> {
  const components = new Map<IslandEntry, number>();
  for (const { entry } of page.islands) {
    if (!components.has(entry)) components.set(entry, components.size);
  }
  return components;
}

function bootCode(page: Page): string {
  const components = componentsOf(page);
  const imports = [...components].map(([{ chunk, exportName }, index]) =>
    `import{${exportName} as i${index}}from${JSON.stringify(chunk)};`
  ).join("");
  const values = serialize(page.islands.map(({ props }) => props));
  const names = Array.from(components, (_, index) => `i${index}`);
  const types = page.islands.map(({ entry }) => components.get(entry));
  return `import{boot}from${JSON.stringify(page.cache.boot)};${imports}boot([${names}],[${types}],${values})`;
}

/** The component at the end of the body: the script that starts the islands, if the page has any. */
export function PageEnd(): ComponentChild {
  const page = currentPage();
  if (page.islands.length === 0) return null;
  return h("script", { type: "module", nonce: page.nonce, dangerouslySetInnerHTML: { __html: bootCode(page) } });
}
