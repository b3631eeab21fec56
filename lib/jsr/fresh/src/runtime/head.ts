import type { ComponentChildren, VNode } from "preact";

/** A component for pages that adds its children to the head of the document. */
export function Head(_props: { children?: ComponentChildren }): VNode | null {
  return null;
}
