/**
 * Reference of WebSocket frames.
 * @module
 */
import { t } from "@/lib/ui/strings.ts";

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
