/**
 * What one atomic commit holds, and how much of it the platform takes.
 * @module
 */
import type { Key } from "@/lib/store/key.ts";

/** A value with the version that a later commit can check; both null where nothing stands. */
export interface Versioned<T> {
  readonly value: T | null;
  readonly versionstamp: string | null;
}

/** A change to one key. */
export type Mutation = Put | { readonly type: "delete"; readonly key: Deno.KvKey };

/** A new value at a key. */
export interface Put {
  readonly type: "set";
  readonly key: Deno.KvKey;
  readonly value: unknown;
  /** In milliseconds. */
  readonly expireIn?: number | undefined;
  /** Bytes of the value, at most, where that is known; measured where absent. */
  readonly size?: number;
  /** Called once it has been committed. */
  readonly committed?: () => void;
}

/** That a key still has this version; null means that nothing stands there. */
export interface Check {
  readonly key: Deno.KvKey;
  readonly versionstamp: string | null;
}

/** Mutations of one commit, at most. */
export const MUTATIONS_MAX = 1_000;
/** Bytes of all keys and values of one commit, at most. */
export const COMMIT_BYTES_MAX = 800 * 1024;
/** Bytes of all keys of one commit, at most. */
const KEY_BYTES_MAX = 80 * 1024;

/** A typed set; `expireIn` is in milliseconds. */
export function put<T>(key: Key<T>, value: T, expireIn?: number): Put {
  return { type: "set", key: key.path, value, expireIn };
}

/** A typed delete. */
export function remove(key: Key<unknown>): Mutation {
  return { type: "delete", key: key.path };
}

/** A commit that the platform would refuse, as it holds too much. */
export class CommitTooLarge extends Error {
  override readonly name = "CommitTooLarge";

  /** @param what What there is too much of. */
  constructor(readonly what: "checks" | "mutations" | "bytes" | "bytes of keys", count: number, limit: number) {
    super(`Cannot commit ${count} ${what} at once: the store takes ${limit}. Split the commit.`);
  }
}

/**
 * Refuses a commit that holds too much.
 *
 * @param checksMax What the store takes: {@link StoreLimits}.
 * @throws {CommitTooLarge} With what there is too much of.
 */
export function assertFits(checks: readonly Check[], mutations: readonly Mutation[], checksMax: number): void {
  if (checks.length > checksMax) throw new CommitTooLarge("checks", checks.length, checksMax);
  if (mutations.length > MUTATIONS_MAX) throw new CommitTooLarge("mutations", mutations.length, MUTATIONS_MAX);
  let keys = 0, values = 0;
  for (const { key } of checks) keys += keyBytes(key);
  for (const change of mutations) {
    keys += keyBytes(change.key);
    values += valueBytes(change);
  }
  if (keys > KEY_BYTES_MAX) throw new CommitTooLarge("bytes of keys", keys, KEY_BYTES_MAX);
  if (keys + values > COMMIT_BYTES_MAX) throw new CommitTooLarge("bytes", keys + values, COMMIT_BYTES_MAX);
}

/** Splits mutations into as many commits as they need. */
export function* inCommits(mutations: Iterable<Mutation>): Generator<Mutation[]> {
  let part: Mutation[] = [], keys = 0, values = 0;
  for (const change of mutations) {
    const key = keyBytes(change.key), value = valueBytes(change);
    const isFull = part.length === MUTATIONS_MAX || keys + key > KEY_BYTES_MAX ||
      keys + key + values + value > COMMIT_BYTES_MAX;
    if (isFull) {
      yield part;
      [part, keys, values] = [[], 0, 0];
    }
    part.push(change);
    keys += key;
    values += value;
  }
  if (part.length > 0) yield part;
}

function valueBytes(change: Mutation): number {
  return change.type === "delete" ? 0 : change.size ?? bytesOf(change.value);
}

/** Bytes of a key in FoundationDB's tuple encoding, which the platform uses. */
function keyBytes(key: Deno.KvKey): number {
  let bytes = 0;
  for (const part of key) bytes += typeof part === "string" ? utf8Bytes(part) + 2 : 9;
  return bytes;
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Two surrogates make four bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** Bytes of a value in V8's serialization, at most: two for each UTF-16 unit, and what says where a part ends. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return 2 * value.length + 6;
  if (ArrayBuffer.isView(value)) return value.byteLength + 16;
  if (typeof value !== "object" || value === null) return 10;
  let bytes = 8;
  if (Array.isArray(value)) { for (const item of value) bytes += bytesOf(item); }
  else for (const [name, part] of Object.entries(value)) bytes += name.length + 4 + bytesOf(part);
  return bytes;
}
