import type { ComponentChildren, VNode } from "preact";

/**
 * Whether the value is an element. Data from outside never is: an own `constructor` that is undefined cannot come out of
 * JSON, and objects without a prototype have none of their own.
 */
export function isVNode(value: unknown): value is VNode {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "constructor") &&
    value.constructor === undefined && "type" in value && "props" in value;
}

/** Whether there is an element in a value that may be the children of another. */
export function holdsVNode(value: unknown): value is ComponentChildren {
  return Array.isArray(value) ? value.some(holdsVNode) : isVNode(value);
}
