/**
 * References of the API: documents that a package draws, and those of WebSocket frames.
 * @module
 */
import { asset } from "fresh/runtime";
import { LANGUAGE } from "@/lib/ui/locale.ts";
import { t } from "@/lib/ui/strings.ts";

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

/** A field of a frame. */
export interface CardField {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly note: string;
}

/** A table of fields: name, type, note. */
export function FieldTable({ fields }: { fields: readonly CardField[] }) {
  if (fields.length === 0) return null;
  return (
    <table>
      <tbody>
        {fields.map(({ name, type, isOptional, note }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <code>{type}</code>
            </td>
            <td>{[isOptional && t.field.optional, note].filter(Boolean).join("; ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A frame with its fields and an example. */
export function FrameDoc({ name, says, fields, example }: {
  name: string;
  says: string;
  fields: readonly CardField[];
  example: string;
}) {
  return (
    <article>
      <h4>{name}</h4>
      <p>{says}</p>
      <FieldTable fields={fields} />
      <pre tabIndex={0} aria-label={t.docs.example(name)}>{example}</pre>
    </article>
  );
}
