import type { ComponentChildren, VNode } from "preact";
import type { BuildCache, IslandEntry } from "../build_cache.ts";
import type { ResolvedFreshConfig } from "../config.ts";
import { isVNode } from "./vnode.ts";
import { headElements, headIdentity } from "../runtime/head.ts";

/** What a page is drawn with. */
export interface PageSource {
  config: ResolvedFreshConfig;
  cache: BuildCache | null;
  /** Style sheets that the route asks for. */
  css: readonly string[];
}

/** One island on the page. */
export interface IslandInstance {
  entry: IslandEntry;
  props: Record<string, unknown>;
}

/** Elements that are handed to an island. */
export interface Slot {
  content: ComponentChildren;
  /** Whether the page holds it, be it in the island or in a template. */
  drawn: boolean;
}

const NO_ISLANDS: ReadonlyMap<unknown, IslandEntry> = new Map();

/** A page while it is drawn: what the renderer meets on the way, and what follows from that for the page's end. */
export class Page {
  /** Allows the page's own scripts and styles under a strict content security policy. */
  readonly nonce: string = crypto.randomUUID().replaceAll("-", "");
  readonly source: PageSource;
  readonly islandTypes: ReadonlyMap<unknown, IslandEntry>;
  readonly islands: IslandInstance[] = [];
  readonly slots: Slot[] = [];

  /** Which parts of a document the page has drawn itself. */
  readonly has = { html: false, head: false, body: false };
  /** What stands in the head, kept back until all of the page was drawn. */
  headContent: ComponentChildren = null;
  /** How many islands the renderer is inside of. */
  depth = 0;

  readonly #head: VNode<Record<string, unknown>>[] = [];
  readonly #slotOf = new Map<unknown, number>();
  readonly #changed: { vnode: VNode; type: VNode["type"]; props: VNode["props"] }[] = [];

  constructor(source: PageSource) {
    this.source = source;
    this.islandTypes = source.cache?.islands ?? NO_ISLANDS;
  }

  /** Changes an element for this page. It may be part of other pages too, so `restore` takes the change back. */
  change(vnode: VNode, type: unknown, props: object): void {
    this.#changed.push({ vnode, type: vnode.type, props: vnode.props });
    Object.assign(vnode, { type, props });
  }

  /** Takes back all changes. */
  restore(): void {
    for (const { vnode, type, props } of this.#changed.toReversed()) Object.assign(vnode, { type, props });
    this.#changed.length = 0;
  }

  /** The number of the slot for some content, which is a new one when it is first met. */
  slotFor(content: ComponentChildren): number {
    const known = this.#slotOf.get(content);
    if (known !== undefined) return known;
    const id = this.slots.push({ content, drawn: false }) - 1;
    this.#slotOf.set(content, id);
    return id;
  }

  /** The number of the slot that stands for a value in the browser; undefined if the value is data. */
  slotInPlaceOf(value: object): number | undefined {
    return isVNode(value) ? this.slotFor(value) : this.#slotOf.get(value);
  }

  /** Takes what a `<Head>` holds. */
  addToHead(children: ComponentChildren): void {
    this.#head.push(...headElements(children));
  }

  /** The element that replaces one of the head, if a `<Head>` holds one of its identity; it is not given again. */
  replacementFor(vnode: VNode<Record<string, unknown>>): VNode<Record<string, unknown>> | undefined {
    const identity = headIdentity(vnode);
    if (identity === null || this.#head.length === 0) return undefined;
    const found = this.#head.findLast((candidate) => headIdentity(candidate) === identity);
    if (found === undefined) return undefined;
    const others = this.#head.filter((candidate) => headIdentity(candidate) !== identity);
    this.#head.splice(0, Infinity, ...others);
    return found;
  }

  /** What `<Head>` holds beyond the replacements: of several with one identity the last. */
  remainingHead(): VNode[] {
    const byIdentity = new Map<unknown, VNode>();
    for (const vnode of this.#head) {
      const identity = headIdentity(vnode) ?? vnode;
      byIdentity.delete(identity);
      byIdentity.set(identity, vnode);
    }
    return [...byIdentity.values()];
  }
}
