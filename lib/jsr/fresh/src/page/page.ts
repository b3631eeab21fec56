import type { ComponentChildren, VNode } from "preact";
import type { BuildCache, IslandEntry } from "../build_cache.ts";

/** An island on a page. */
export interface IslandInstance {
  entry: IslandEntry;
  props: object;
}

/** The state of a page while it is rendered. */
export class Page {
  /** The nonce that allows the page's own scripts and styles under a content security policy. */
  readonly nonce: string = crypto.randomUUID().replaceAll("-", "");
  /** The build that the page is rendered with. */
  readonly cache: BuildCache;
  /** The islands that were rendered so far. */
  readonly islands: IslandInstance[] = [];
  /** The children of the `<Head>` components that were rendered so far. */
  readonly head: ComponentChildren[] = [];

  /** The elements of a document that the page contains itself. */
  readonly has = { html: false, head: false, body: false };
  /** The children of the page's head element, which are rendered after the body. */
  headContent: ComponentChildren = null;
  /** The number of islands that enclose the element under rendering. */
  depth = 0;

  readonly #changed: { vnode: VNode; type: VNode["type"]; props: VNode["props"] }[] = [];

  /** @param cache The build. */
  constructor(cache: BuildCache) {
    this.cache = cache;
  }

  /** Changes an element for this page. Elements can be shared between pages, so `restore` undoes the change. */
  change(vnode: VNode, type: unknown, props: object): void {
    this.#changed.push({ vnode, type: vnode.type, props: vnode.props });
    Object.assign(vnode, { type, props });
  }

  /** Undoes all changes. */
  restore(): void {
    for (const { vnode, type, props } of this.#changed.toReversed()) Object.assign(vnode, { type, props });
    this.#changed.length = 0;
  }
}
