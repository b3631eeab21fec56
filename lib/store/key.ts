/**
 * Keys of the store as typed values: a family of keys says where its values stand and what shape they have.
 * @module
 */
import type { z } from "zod";

/** A place in the store and the shape of its value. */
export interface Key<T> {
  readonly path: Deno.KvKey;
  readonly schema: z.ZodType<T>;
}

/** Some keys of one family. */
export type Selection<T> = Deno.KvListSelector & { readonly schema: z.ZodType<T> };

type Part = string | number;

/** All beginnings of a key's parts but the whole. */
type Leading<Parts extends readonly Part[]> = Parts extends [...infer Before extends Part[], Part]
  ? Before | Leading<Before>
  : never;

/** The keys with one prefix. Called with the parts after the prefix it gives a key. */
export interface KeyFamily<Parts extends readonly Part[], T> {
  (...parts: Parts): Key<T>;
  /** The prefix in words. */
  readonly name: string;
  /** What all of the keys, and no others, begin with. */
  readonly prefix: Deno.KvKey;
  readonly schema: z.ZodType<T>;
  /** The keys whose parts begin with these. */
  under(...parts: Leading<Parts>): Selection<T>;
  /** The keys from one to before another. */
  between(start: Parts, end: Parts): Selection<T>;
}

/** Defines a family of keys: `family<[room: number]>("room").of<Room>(room)`. */
export function family<Parts extends readonly Part[]>(
  ...prefix: string[]
): { of<T>(schema: z.ZodType<T>): KeyFamily<Parts, T> } {
  return {
    of<T>(schema: z.ZodType<T>) {
      const at = (parts: readonly Part[]) => [...prefix, ...parts];
      const key = (...parts: Parts) => ({ path: at(parts), schema });
      Object.defineProperty(key, "name", { value: prefix.join(".") });
      return Object.assign(key, {
        prefix,
        schema,
        under: (...parts: Leading<Parts>) => ({ prefix: at(parts), schema }),
        between: (start: Parts, end: Parts) => ({ start: at(start), end: at(end), schema }),
      });
    },
  };
}
