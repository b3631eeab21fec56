import {
  type ComponentChild,
  type ComponentChildren,
  Fragment,
  isValidElement,
  toChildArray,
  type VNode,
} from "preact";
import { useEffect } from "preact/hooks";

/** What tells one element of the head from others of its kind. */
const IDENTIFYING = ["name", "property", "http-equiv", "httpEquiv", "itemprop"];

interface HeadProps {
  [name: string]: unknown;
  children?: ComponentChildren;
}

type HeadElement = VNode<HeadProps>;

function isHeadElement(child: ComponentChild): child is HeadElement {
  return isValidElement(child) && typeof child.type === "string";
}

/** The elements among the children of `<Head>`, those in fragments included. */
export function headElements(children: ComponentChildren): HeadElement[] {
  return toChildArray(children).flatMap((child) => {
    if (isHeadElement(child)) return [child];
    return isValidElement(child) && child.type === Fragment ? headElements(child.props.children) : [];
  });
}

/** Elements with the same identity replace one another; those without one (null) are all kept. */
export function headIdentity(element: HeadElement): string | null {
  if (element.key !== undefined && element.key !== null) return `${element.type} key ${element.key}`;
  if (element.type === "title") return "title";
  if (element.type !== "meta") return null;
  if ("charset" in element.props || "charSet" in element.props) return "meta charset";
  const name = IDENTIFYING.find((attribute) => element.props[attribute] !== undefined);
  return name === undefined ? null : `meta ${name} ${element.props[name]}`;
}

function selectorFor(element: HeadElement): string {
  const name = IDENTIFYING.find((attribute) => element.props[attribute] !== undefined) ?? "charset";
  const attribute = name === "httpEquiv" ? "http-equiv" : name;
  return `meta[${attribute}="${CSS.escape(String(element.props[name]))}"]`;
}

/** Brings an element into the head of the open document. */
function apply(element: HeadElement): void {
  if (element.type === "title") {
    document.title = toChildArray(element.props.children).join("");
    return;
  }
  const known = element.type === "meta" ? document.head.querySelector(selectorFor(element)) : null;
  const target = known ?? document.head.appendChild(document.createElement(String(element.type)));
  for (const [name, value] of Object.entries(element.props)) {
    if (typeof value === "string") target.setAttribute(name, value);
  }
}

/**
 * Puts its children in the head of the page, from wherever in the page it stands. A title or meta element replaces the one of
 * the same kind that is there already. In an island it changes the open document.
 */
export function Head(props: { children?: ComponentChildren }): VNode | null {
  useEffect(() => headElements(props.children).forEach(apply), [props.children]);
  return null;
}
