/**
 * The document of an API reference, which a package draws.
 * @module
 */
import { asset } from "fresh/runtime";
import { LANGUAGE } from "@/lib/ui/locale.ts";

/** A document with an empty element of the id `root`, which the scripts fill. Files are those of `static/`. */
export function ApiReference({ title, root, stylesheet, scripts }: {
  title: string;
  root: string;
  stylesheet?: string;
  scripts: readonly string[];
}) {
  return (
    <html lang={LANGUAGE}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        {stylesheet && <link rel="stylesheet" href={asset(stylesheet)} />}
        <link rel="stylesheet" href={asset("/docs/api_reference.css")} />
      </head>
      <body>
        <main id={root}></main>
        {scripts.map((script) => <script key={script} src={asset(script)} defer></script>)}
      </body>
    </html>
  );
}
