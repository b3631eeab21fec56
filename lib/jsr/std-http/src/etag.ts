/** What of a file its entity tag is made from. */
export interface FileInfo {
  /** When it was last modified. */
  mtime: Date | null;
  /** Its size in bytes. */
  size: number;
}

/** The hashes that Web Crypto offers. */
export type DigestAlgorithm = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/** How an entity tag is made. */
export interface ETagOptions {
  /**
   * The hash.
   *
   * @default {"SHA-256"}
   */
  algorithm?: DigestAlgorithm;
  /**
   * Marks the tag as one for content that means the same without being the same bytes; that of a file always is.
   *
   * @default {false}
   */
  weak?: boolean;
}

const TAG = /^(?:W\/)?"[^"]*"$/;

async function digest(
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: DigestAlgorithm,
): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
  return hash.toBase64().slice(0, 27);
}

/** The entity tag of some content. */
export function eTag(
  entity: string | Uint8Array<ArrayBuffer>,
  options?: ETagOptions,
): Promise<string>;
/** The entity tag of a file: weak, and undefined if the file has no modification time. */
export function eTag(
  entity: FileInfo,
  options?: ETagOptions,
): Promise<string | undefined>;
/** The entity tag of some content or of a file. */
export function eTag(
  entity: string | Uint8Array<ArrayBuffer> | FileInfo,
  options?: ETagOptions,
): Promise<string | undefined>;
export async function eTag(
  entity: string | Uint8Array<ArrayBuffer> | FileInfo,
  options: ETagOptions = {},
): Promise<string | undefined> {
  const { algorithm = "SHA-256", weak = false } = options;
  if (typeof entity === "string" || entity instanceof Uint8Array) {
    const bytes = typeof entity === "string" ? new TextEncoder().encode(entity) : entity;
    const tag = `"${bytes.length.toString(16)}-${await digest(
      bytes,
      algorithm,
    )}"`;
    return weak ? `W/${tag}` : tag;
  }
  if (entity.mtime === null) return undefined;
  const stamp = new TextEncoder().encode(entity.mtime.toJSON());
  return `W/"${entity.size.toString(16)}-${await digest(stamp, algorithm)}"`;
}

function list(value: string): string[] {
  return value.split(",").map((tag) => tag.trim());
}

const opaque = (tag: string) => tag.replace(/^W\//, "");

/** Whether an `If-Match` header lets the request go on: a strong tag of its list is the current one. */
export function ifMatch(
  value: string | null,
  etag: string | undefined,
): boolean {
  if (value === null) return true;
  if (etag === undefined || etag.startsWith("W/")) return false;
  if (value.trim() === "*") return true;
  return list(value).filter((tag) => TAG.test(tag)).includes(etag);
}

/** Whether the body is to be sent: true unless the `If-None-Match` header names the current tag, weakly compared. */
export function ifNoneMatch(
  value: string | null,
  etag: string | undefined,
): boolean {
  if (value === null) return true;
  if (etag === undefined) return true;
  if (value.trim() === "*") return false;
  return !list(value).map(opaque).includes(opaque(etag));
}
