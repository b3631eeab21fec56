import { type ComponentChildren, type ComponentType, h, options, type VNode } from "preact";
import { asset, assetSrcSet } from "../runtime/asset.ts";
import { Head } from "../runtime/head.ts";
import { MarkedIsland, type MarkedProps, MarkedSlot } from "./markers.ts";
import type { Page } from "./page.ts";
import { PageEnd } from "./page_end.ts";
import { holdsVNode } from "./vnode.ts";

type Props = Record<string, unknown>;
type Element = VNode<Props>;

/** The renderer tells of each element before it is drawn under this name, which preact keeps stable for its tools. */
interface RendererHooks {
  __b?: (vnode: VNode) => void;
  diffed?: (vnode: VNode) => void;
}

/** Stands in the head until what belongs there is known. It cannot be guessed, so no content can contain it. */
export const HEAD_PLACE = `frsh-head-${crypto.randomUUID()}`;

let current: Page | null = null;
let inHead = false;
/** The island elements that are drawn as they are, since their markers are there already. */
let entered = new WeakSet<VNode>();
const depthOutsideSlot = new WeakMap<VNode, number>();

/** The page that is being drawn. */
export function currentPage(): Page {
  if (current === null) throw new Error("Cannot draw this part as no page is being drawn");
  return current;
}

/** Runs a synchronous rendering with a page; with `head`, what is drawn goes into its head. */
export function withPage<T>(page: Page, render: () => T, head = false): T {
  const outer = { current, inHead };
  current = page;
  inHead = head;
  try {
    return render();
  } finally {
    page.restore();
    ({ current, inHead } = outer);
    entered = new WeakSet();
  }
}

const Nothing = () => null;

function isElement(vnode: VNode): vnode is Element {
  return typeof vnode.props === "object" && vnode.props !== null;
}

/** Elements among the props become slots, so that the browser finds them in the page. */
function withSlots(page: Page, props: Props): Props {
  const result: Props = {};
  for (const [name, value] of Object.entries(props)) {
    result[name] = holdsVNode(value) ? slotElement(page, value) : value;
  }
  return result;
}

function slotElement(page: Page, content: unknown): VNode<MarkedProps> {
  const children = content as ComponentChildren;
  return h(MarkedSlot, { id: page.slotFor(children), content: children });
}

function enterIsland(page: Page, vnode: Element, type: ComponentType): void {
  const entry = page.islandTypes.get(type);
  if (entry === undefined) return;
  if (entered.has(vnode)) {
    page.depth++;
    return;
  }
  if (page.depth > 0) return;
  const props = withSlots(page, vnode.props);
  const island = h<Props>(type as ComponentType<Props>, { ...props, key: vnode.key });
  entered.add(island);
  const id = page.islands.push({ entry, props: vnode.props }) - 1;
  page.change(vnode, MarkedIsland, { id, content: island });
}

function beforeComponent(page: Page, vnode: Element, type: unknown): void {
  if (type === Head) {
    page.addToHead(vnode.props.children as ComponentChildren);
    page.change(vnode, Nothing, {});
  } else if (type === MarkedSlot) {
    const slot = page.slots[Number(vnode.props.id)];
    if (slot !== undefined) slot.drawn = true;
    depthOutsideSlot.set(vnode, page.depth);
    page.depth = 0;
  } else enterIsland(page, vnode, type as ComponentType);
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

function beforeElement(page: Page, vnode: Element, type: string): void {
  switch (type) {
    case "html":
      page.has.html = true;
      break;
    case "head":
      page.has.head = true;
      page.headContent = vnode.props.children as ComponentChildren;
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

function before(page: Page, vnode: VNode): void {
  if (!isElement(vnode)) return;
  if (typeof vnode.type === "string") beforeElement(page, vnode, vnode.type);
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
  if (current !== null) before(current, vnode);
  nextBefore?.(vnode);
};

hooks.diffed = (vnode) => {
  if (current !== null) after(current, vnode);
  nextAfter?.(vnode);
};
