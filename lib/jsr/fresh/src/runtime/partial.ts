import type { ComponentChildren } from "preact";

/** A part of the page with a name. Its children are drawn as they are. */
export interface PartialProps {
  /** The name of the part. */
  name: string;
  /** What the part shows. */
  children?: ComponentChildren;
  /** How new content is put in when only the part is asked for. */
  mode?: "replace" | "prepend" | "append";
}

/** Draws its children. */
export function Partial(props: PartialProps): ComponentChildren {
  return props.children;
}
