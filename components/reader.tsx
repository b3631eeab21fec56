/**
 * A page that another package draws: it gets an empty place, and our script that starts it.
 * @module
 */
import { asset } from "fresh/runtime";
import { LANGUAGE } from "@/lib/ui/strings.ts";

/** The document around a reader of the API's description. `scripts` are files of `static/`. */
export function Reader({ title, place, sheet, scripts }: {
  title: string;
  place: string;
  sheet?: string;
  scripts: readonly string[];
}) {
  return (
    <html lang={LANGUAGE}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href={asset("/favicon.svg")} type="image/svg+xml" />
        {sheet && <link rel="stylesheet" href={asset(sheet)} />}
        <link rel="stylesheet" href={asset("/docs/reader.css")} />
      </head>
      <body>
        <main id={place}></main>
        {scripts.map((script) => <script key={script} src={asset(script)} defer></script>)}
      </body>
    </html>
  );
}
