/**
 * Deeply read-only types.
 * @module
 */
import type { z } from "zod";

/** A type whose every property is read-only, at any depth; byte arrays stay as they are. */
export type Immutable<T> = T extends Uint8Array | Float64Array ? T
  : T extends readonly (infer Item)[] ? readonly Immutable<Item>[]
  : T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;

/** What a schema parses, read-only. */
export type Parsed<Schema extends z.ZodType> = Immutable<z.infer<Schema>>;
