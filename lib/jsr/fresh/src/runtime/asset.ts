import { BUILD_ID } from "./build_id.ts";

/** The query parameter that ties an address to a build, so that it can be cached for good. */
export const ASSET_CACHE_BUST_KEY = "__frsh_c";

/** The path of a static file, tied to this build. Addresses of other hosts and relative ones stay as they are. */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//") || path.includes(`${ASSET_CACHE_BUST_KEY}=`)) return path;
  const end = path.indexOf("#");
  const address = end === -1 ? path : path.slice(0, end);
  const fragment = end === -1 ? "" : path.slice(end);
  const mark = address.includes("?") ? "&" : "?";
  return `${address}${mark}${ASSET_CACHE_BUST_KEY}=${BUILD_ID}${fragment}`;
}

/** The value of a `srcset` attribute, with each of its paths tied to this build. */
export function assetSrcSet(srcset: string): string {
  // Addresses with brackets or commas cannot be taken apart for certain.
  if (/[()]/.test(srcset)) return srcset;
  return srcset.split(",").map((candidate) => {
    const path = candidate.trimStart();
    const lead = candidate.slice(0, candidate.length - path.length);
    const [address = "", ...size] = path.split(" ");
    return lead + [asset(address), ...size].join(" ");
  }).join(",");
}
