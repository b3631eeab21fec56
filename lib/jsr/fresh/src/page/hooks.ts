import { type ComponentChildren, type ComponentType, h, options, type VNode } from "preact";
import { Head } from "../runtime/head.ts";
import { beingDrawn } from "./current.ts";
import { MarkedIsland } from "./markers.ts";
import type { Page } from "./page.ts";
import { PageEnd } from "./page_end.ts";

interface Props {
  [name: string]: unknown;
  children?: ComponentChildren;
}

type Element = VNode<Props>;

/** The hooks of the renderer before and after each element. Preact keeps the name `__b` stable for its devtools. */
interface RendererHooks {
  __b?: (vnode: VNode) => void;
  diffed?: (vnode: VNode) => void;
}

/** The placeholder for the head's children, which are rendered last. It is random, so no content can contain it. */
export const HEAD_PLACE = `frsh-head-${crypto.randomUUID()}`;

/** The island elements inside of their markers, which are rendered as they are. */
const entered = new WeakSet<VNode>();

function isElement(vnode: VNode): vnode is Element {
  return typeof vnode.props === "object" && vnode.props !== null;
}

function enterIsland(page: Page, vnode: Element, type: ComponentType<Props>): void {
  const entry = page.cache.islands.get(type);
  if (entry === undefined) return;
  if (entered.has(vnode)) {
    page.depth++;
    return;
  }
  if (page.depth > 0) return;
  const island = h(type, { ...vnode.props, key: vnode.key });
  entered.add(island);
  const id = page.islands.push({ entry, props: vnode.props }) - 1;
  page.change(vnode, MarkedIsland, { id, content: island });
}

function beforeElement(page: Page, vnode: Element, type: string): void {
  switch (type) {
    case "html":
      page.has.html = true;
      break;
    case "head":
      page.has.head = true;
      page.headContent = vnode.props.children;
      page.change(vnode, type, { ...vnode.props, children: HEAD_PLACE });
      break;
    case "body":
      page.has.body = true;
      page.change(vnode, type, { ...vnode.props, children: [vnode.props.children, h(PageEnd, null)] });
      break;
    case "script":
    case "style":
      if (!vnode.props.nonce) page.change(vnode, type, { ...vnode.props, nonce: page.nonce });
  }
}

function before(page: Page, vnode: VNode): void {
  if (!isElement(vnode)) return;
  if (typeof vnode.type === "string") beforeElement(page, vnode, vnode.type);
  else if (vnode.type === Head) page.head.push(vnode.props.children);
  else enterIsland(page, vnode, vnode.type);
}

const hooks: RendererHooks = options;
const { __b: nextBefore, diffed: nextAfter } = hooks;

hooks.__b = (vnode) => {
  const page = beingDrawn();
  if (page !== null) before(page, vnode);
  nextBefore?.(vnode);
};

hooks.diffed = (vnode) => {
  const page = beingDrawn();
  if (page !== null && entered.has(vnode)) page.depth--;
  nextAfter?.(vnode);
};
