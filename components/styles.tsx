/**
 * The stylesheets that a page needs beside those that every page has.
 * @module
 */
import { asset, Head } from "fresh/runtime";

/** Puts stylesheets of `static/` into the page's head. */
export function Styles({ names }: { names: readonly string[] }) {
  return <Head>{names.map((name) => <link key={name} rel="stylesheet" href={asset(`/${name}.css`)} />)}</Head>;
}
