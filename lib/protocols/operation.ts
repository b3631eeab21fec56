/**
 * The description of an endpoint. A table of these describes the API; OpenAPI is made of it.
 * @module
 */
import type { z } from "zod";
import type { ErrorCode } from "@/lib/errors.ts";
import type { Parameter } from "@/lib/protocols/parameters.ts";

/** The sections of the description. */
export const TAGS = {
  Rooms: "Protocol 1: rooms, members and invite links.",
  Messages: "Protocol 1: messages.",
  Me: "Protocol 1: you, and other people.",
  Server: "Protocol 2: health and statistics.",
  Chats: "Protocol 3: sign-in, and chats between accounts.",
  Bearer: "Protocol 4: rooms by name, for programs with a token.",
} as const;

/** One of {@link TAGS}. */
export type Tag = keyof typeof TAGS;

/** A successful answer. */
export interface Answer {
  readonly description: string;
  /** Absent where there is no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: readonly ("Link" | "Location")[];
  /** The path parameter of other endpoints that takes the answer's `id`. */
  readonly makes?: string;
  /** Media types of a body that isn't JSON. */
  readonly bytes?: readonly string[];
}

/** An answer in JSON. */
export function answer(
  description: string,
  schema: z.ZodType,
  example: unknown,
  headers: Answer["headers"] = [],
): Answer {
  return { description, schema, example, headers };
}

/** The body of a request. */
export interface Body {
  readonly schema: z.ZodType;
  /** By a word that says what each is an example of. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Whether it may be a form, too. */
  readonly form?: true;
}

/** A body in JSON, with the name of its schema. */
export function json(id: string, schema: z.ZodType, examples: Body["examples"]): Body {
  return { schema: schema.meta({ id }), examples };
}

/** An endpoint's description. */
export interface Operation {
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Who may call it: `anyone`, whatever their token; `guests` and accounts; or `accounts` alone. Guests where absent. */
  readonly who?: "anyone" | "guests" | "accounts";
  /** Path parameters that mean something else here than in {@link PARAMETERS}. */
  readonly path?: Readonly<Record<string, Parameter>>;
  readonly query?: z.ZodObject;
  /** Headers of this endpoint in particular. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>;
  readonly body?: Body;
  /** Media types of a body that isn't JSON. */
  readonly bytes?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** Errors beyond those of its path parameters and those that every endpoint has. */
  readonly errors?: readonly ErrorCode[];
}

/** Endpoints by method and path, such as `GET /api/chat/rooms/{room}`. */
export type Operations = Readonly<Record<`${Method} /${string}`, Operation>>;

/** The operations of one section; `who` may call those that don't say it themselves. */
export function withTag(
  tag: Tag,
  operations: Readonly<Record<string, Omit<Operation, "tag">>>,
  who: Operation["who"] = "guests",
): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, { who, ...operation, tag }]));
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
