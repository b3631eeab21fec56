import { type ComponentChildren, type ComponentType, h, options, type VNode } from "preact";
import { asset, assetSrcSet } from "../runtime/asset.ts";
import { Head } from "../runtime/head.ts";
import { beingDrawn } from "./current.ts";
import { MarkedIsland, type MarkedProps, MarkedSlot } from "./markers.ts";
import type { Page } from "./page.ts";
import { PageEnd } from "./page_end.ts";
import { holdsVNode, isVNode } from "./vnode.ts";

interface Props {
  [name: string]: unknown;
  children?: ComponentChildren;
}

type Element = VNode<Props>;

/** The renderer tells of each element before it is drawn under this name, which preact keeps stable for its tools. */
interface RendererHooks {
  __b?: (vnode: VNode) => void;
  diffed?: (vnode: VNode) => void;
}

/** Stands in the head until what belongs there is known. It cannot be guessed, so no content can contain it. */
export const HEAD_PLACE = `frsh-head-${crypto.randomUUID()}`;

/** The island elements that are drawn as they are, since their markers are there already. */
const entered = new WeakSet<VNode>();
const depthOutsideSlot = new WeakMap<VNode, number>();

const Nothing = () => null;

function isElement(vnode: VNode): vnode is Element {
  return typeof vnode.props === "object" && vnode.props !== null;
}

/**
 * Children, and other props that are an element, become slots, so that the browser finds them in the page. A list of elements in
 * another prop stays a list, since the island may go through it.
 */
function withSlots(page: Page, props: Props): Props {
  const result: Props = {};
  for (const [name, value] of Object.entries(props)) {
    const isSlot = isVNode(value) || (name === "children" && holdsVNode(value));
    result[name] = isSlot ? slotElement(page, value) : value;
  }
  return result;
}

function slotElement(page: Page, content: ComponentChildren): VNode<MarkedProps> {
  return h(MarkedSlot, { id: page.slotFor(content), content });
}

function enterIsland(page: Page, vnode: Element, type: ComponentType<Props>): void {
  const entry = page.islandTypes.get(type);
  if (entry === undefined) return;
  if (entered.has(vnode)) {
    page.depth++;
    return;
  }
  if (page.depth > 0) return;
  const props = withSlots(page, vnode.props);
  const island = h(type, { ...props, key: vnode.key });
  entered.add(island);
  const id = page.islands.push({ entry, props: vnode.props }) - 1;
  page.change(vnode, MarkedIsland, { id, content: island });
}

function beforeComponent(page: Page, vnode: Element, type: ComponentType<Props>): void {
  if (type === Head) {
    page.addToHead(vnode.props.children);
    page.change(vnode, Nothing, {});
  } else if (Object.is(type, MarkedSlot)) {
    const slot = page.slots[Number(vnode.props.id)];
    if (slot !== undefined) slot.drawn = true;
    depthOutsideSlot.set(vnode, page.depth);
    page.depth = 0;
  } else enterIsland(page, vnode, type);
}

function lockAssets(page: Page, vnode: Element): void {
  const { src, srcset, srcSet } = vnode.props;
  if ("data-fresh-disable-lock" in vnode.props) return;
  const props = { ...vnode.props };
  if (typeof src === "string") props.src = asset(src);
  if (typeof srcset === "string") props.srcset = assetSrcSet(srcset);
  if (typeof srcSet === "string") props.srcSet = assetSrcSet(srcSet);
  page.change(vnode, vnode.type, props);
}

function beforeElement(page: Page, vnode: Element, type: string, inHead: boolean): void {
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
      break;
    case "img":
    case "source":
      lockAssets(page, vnode);
      break;
    case "title":
    case "meta": {
      const replacement = inHead ? page.replacementFor(vnode) : undefined;
      if (replacement !== undefined) page.change(vnode, type, replacement.props);
    }
  }
}

function before(page: Page, vnode: VNode, inHead: boolean): void {
  if (!isElement(vnode)) return;
  if (typeof vnode.type === "string") beforeElement(page, vnode, vnode.type, inHead);
  else beforeComponent(page, vnode, vnode.type);
}

function after(page: Page, vnode: VNode): void {
  if (entered.has(vnode)) page.depth--;
  const depth = depthOutsideSlot.get(vnode);
  if (depth !== undefined) page.depth = depth;
}

const hooks: RendererHooks = options;
const { __b: nextBefore, diffed: nextAfter } = hooks;

hooks.__b = (vnode) => {
  const drawing = beingDrawn();
  if (drawing !== null) before(drawing.page, vnode, drawing.inHead);
  nextBefore?.(vnode);
};

hooks.diffed = (vnode) => {
  const drawing = beingDrawn();
  if (drawing !== null) after(drawing.page, vnode);
  nextAfter?.(vnode);
};
