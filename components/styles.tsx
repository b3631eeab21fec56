/**
 * Stylesheets of single pages.
 * @module
 */
import { asset, Head } from "fresh/runtime";

/** Adds stylesheets of `static/` to the head of the page. */
export function Styles({ names }: { names: readonly string[] }) {
  return <Head>{names.map((name) => <link key={name} rel="stylesheet" href={asset(`/${name}.css`)} />)}</Head>;
}
