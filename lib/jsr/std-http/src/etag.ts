/** The properties of a file that its entity tag is derived from. */
export interface FileInfo {
  /** The time of the last modification. */
  mtime: Date | null;
  /** The size in bytes. */
  size: number;
}

/** The weak entity tag of a file; undefined if its modification time is unknown. */
export async function eTag({ mtime, size }: FileInfo): Promise<string | undefined> {
  if (mtime === null) return undefined;
  const stamp = new TextEncoder().encode(mtime.toJSON());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", stamp));
  return `W/"${size.toString(16)}-${hash.toBase64().slice(0, 27)}"`;
}

const opaque = (tag: string) => tag.trim().replace(/^W\//, "");

/** Whether the body has to be sent: true unless the `If-None-Match` header lists the current tag, by weak comparison. */
export function ifNoneMatch(value: string, etag: string | undefined): boolean {
  if (etag === undefined) return true;
  if (value.trim() === "*") return false;
  return !value.split(",").map(opaque).includes(opaque(etag));
}
