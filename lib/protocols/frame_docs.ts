/**
 * The reference of the sockets: frames with their fields, as /docs/websocket shows them.
 * @module
 */
import type { Immutable } from "@/lib/model/immutable.ts";
import type { z } from "zod";
import { type JsonSchema, JsonSchemas } from "@/lib/protocols/json_schema.ts";

/** What is said of a frame, with an example. */
export interface FrameNote<T = unknown> {
  readonly says: string;
  readonly example: T;
}

/** The frames of one side: the schema that they have, and a note for each `type` of it. */
export interface FrameNotes {
  readonly schema: z.ZodType;
  readonly notes: Readonly<Record<string, FrameNote>>;
}

/** Notes for each frame of a schema; the compiler sees that none is missing and that the examples fit. */
export function describe<T extends { readonly type: string }>(
  schema: z.ZodType<T>,
  notes: { readonly [Type in T["type"]]: FrameNote<Immutable<T & { readonly type: Type }>> },
): FrameNotes {
  return { schema, notes };
}

/** One protocol of the sockets. */
export interface SocketProtocol {
  /** Its anchor on the page. */
  readonly id: string;
  readonly title: string;
  /** The path, with its variable parts in braces. */
  readonly address: string;
  readonly about: readonly string[];
  /** The query of the address. */
  readonly query?: z.ZodType;
  /** The frame that a client sends first, where the protocol has one. */
  readonly first?: FrameNote & { readonly schema: z.ZodType };
  readonly client: FrameNotes;
  readonly server: FrameNotes;
  readonly order: readonly string[];
}

/** A field of a frame. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly note: string;
}

/** A frame as the page shows it. */
export interface ShownFrame {
  readonly name: string;
  readonly says: string;
  readonly fields: readonly Field[];
  /** JSON text. */
  readonly example: string;
}

/** The frames that a client of this protocol sends, in the order of the schema. */
export function clientFrames({ first, client }: SocketProtocol): ShownFrame[] {
  const greeting = first ? [shown("first frame", first, new JsonSchemas().input(first.schema))] : [];
  return [...greeting, ...listed(client, new JsonSchemas().input(client.schema))];
}

/** The frames that the server sends in this protocol, in the order of the schema. */
export function serverFrames({ server }: SocketProtocol): ShownFrame[] {
  return listed(server, new JsonSchemas().output(server.schema));
}

function listed({ notes }: FrameNotes, { oneOf, anyOf, ...only }: JsonSchema): ShownFrame[] {
  return (oneOf ?? anyOf ?? [only]).flatMap((schema) =>
    typesOf(schema).map((name) => {
      const note = notes[name];
      if (!note) throw new Error(`Cannot describe the frame ${name}, of which nothing is said`);
      return shown(name, note, schema);
    })
  );
}

/** The fields of the query of a protocol's address. */
export function queryFields({ query }: SocketProtocol): Field[] {
  return query ? fieldsOf(new JsonSchemas().input(query)) : [];
}

function shown(name: string, { says, example }: FrameNote, schema: JsonSchema): ShownFrame {
  const fields = fieldsOf(schema);
  return {
    name,
    says,
    fields: fields.map((field) => field.name === "type" ? { ...field, type: JSON.stringify(name) } : field),
    example: typeof example === "string" ? example : JSON.stringify(example),
  };
}

/** The `type`s of frames of this schema; `message` is the only one where clients leave it out. */
function typesOf({ properties = {} }: JsonSchema): readonly string[] {
  const { type } = properties;
  if (typeof type !== "object") return ["message"];
  return (type.enum ?? [type.const]).map(String);
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === "boolean") return [];
    const isOptional = !required.includes(name), said = isOptional ? beforeNull(schema) : schema;
    return [{ name, type: typeText(said), isOptional, note: noteOf(said) }];
  });
}

/** The schema without null: null in an optional field means no more than leaving it out. */
function beforeNull(schema: JsonSchema): JsonSchema {
  const [said, other, ...more] = schema.anyOf ?? [];
  return said && other?.type === "null" && more.length === 0 ? said : schema;
}

function typeText(schema: JsonSchema | boolean): string {
  if (typeof schema === "boolean") return "anything";
  const { const: constant, enum: values, anyOf, type, items, properties } = schema;
  if (constant !== undefined) return JSON.stringify(constant);
  if (values) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (anyOf) return anyOf.map(typeText).join(" or ");
  if (Array.isArray(type)) return type.join(" or ");
  if (type === "array") return Array.isArray(items) || items === undefined ? "list" : `list of ${typeText(items)}`;
  if (properties) return `{ ${Object.keys(properties).join(", ")} }`;
  return type ?? "anything";
}

function noteOf({ description, format, minLength, maxLength, minimum, exclusiveMinimum }: JsonSchema): string {
  const least = minimum ?? (typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : undefined);
  const notes = [
    description,
    format === "date-time" ? "ISO 8601, UTC" : undefined,
    maxLength === undefined ? undefined : `${minLength ? `${minLength} to` : "up to"} ${maxLength} characters`,
    least === undefined || least === Number.MIN_SAFE_INTEGER ? undefined : `from ${least}`,
  ];
  return notes.filter((note) => note !== undefined).join("; ");
}
