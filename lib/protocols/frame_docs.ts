/**
 * What is said of the sockets: frames with their fields, as /docs/websocket shows them.
 * @module
 */
import type { Immutable } from "@/lib/model/immutable.ts";
import type { z } from "zod";
import { type JsonSchema, JsonSchemas } from "@/lib/protocols/json_schema.ts";

/** A frame that the server sends. */
export interface ServerFrameNote<T = unknown> {
  readonly says: string;
  readonly schema: z.ZodType<T>;
  readonly example: Immutable<NoInfer<T>>;
}

/** A frame that the server sends, with an example that the compiler holds to its schema. */
export function note<T>(says: string, schema: z.ZodType<T>, example: Immutable<NoInfer<T>>): ServerFrameNote<T> {
  return { says, schema, example };
}

/** A frame that a client sends; its schema is the one that parses it. */
export interface ClientFrameNote {
  readonly says: string;
  readonly example: unknown;
}

/** One protocol of the sockets. */
export interface SocketProtocol {
  /** The part of the page's address that leads to it. */
  readonly id: string;
  readonly title: string;
  /** With the parts of the path that change in braces. */
  readonly address: string;
  readonly about: readonly string[];
  /** What the query of the address may say. */
  readonly query?: z.ZodType;
  /** The frame that a client sends first, where there is such a one. */
  readonly first?: ClientFrameNote & { readonly schema: z.ZodType };
  readonly client: { readonly schema: z.ZodType; readonly frames: Readonly<Record<string, ClientFrameNote>> };
  readonly server: Readonly<Record<string, ServerFrameNote>>;
  readonly order: readonly string[];
}

/** A field of a frame. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  readonly note: string;
}

/** A frame as it is shown. */
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
  const { oneOf, anyOf, ...only } = new JsonSchemas().input(client.schema);
  const frames = (oneOf ?? anyOf ?? [only]).map((schema) => {
    const name = typeOf(schema), note = client.frames[name];
    if (!note) throw new Error(`Cannot describe the frame ${name}, of which nothing is said`);
    return shown(name, note, schema);
  });
  return [...greeting, ...frames];
}

/** The frames that the server sends in this protocol. */
export function serverFrames({ server }: SocketProtocol): ShownFrame[] {
  return Object.entries(server).map(([name, note]) => shown(name, note, new JsonSchemas().output(note.schema)));
}

/** What the address of a protocol may say in its query. */
export function queryFields({ query }: SocketProtocol): Field[] {
  return query ? fieldsOf(new JsonSchemas().input(query)) : [];
}

function shown(name: string, { says, example }: ClientFrameNote, schema: JsonSchema): ShownFrame {
  return {
    name,
    says,
    fields: fieldsOf(schema),
    example: typeof example === "string" ? example : JSON.stringify(example),
  };
}

/** The `type` that a frame of this schema has; `message` is the only kind where clients leave it out. */
function typeOf({ properties = {} }: JsonSchema): string {
  const { type } = properties;
  return typeof type === "object" && typeof type.const === "string" ? type.const : "message";
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (typeof schema === "boolean") return [];
    const isOptional = !required.includes(name), said = isOptional ? beforeNull(schema) : schema;
    return [{ name, type: typeText(said), isOptional, note: noteOf(said) }];
  });
}

/** What a value is where it is not null: for what may be left out, null is no more than that. */
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
