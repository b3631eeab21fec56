import { BUILD_ID } from "./build_id.ts";

/** The query parameter that names the build in the URL of a static file, so that the URL is cacheable forever. */
export const ASSET_CACHE_BUST_KEY = "__frsh_c";

/** The path of a static file with the id of this build. URLs of other hosts and relative URLs stay unchanged. */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//") || path.includes(`${ASSET_CACHE_BUST_KEY}=`)) return path;
  const end = path.indexOf("#");
  const address = end === -1 ? path : path.slice(0, end);
  const fragment = end === -1 ? "" : path.slice(end);
  const mark = address.includes("?") ? "&" : "?";
  return `${address}${mark}${ASSET_CACHE_BUST_KEY}=${BUILD_ID}${fragment}`;
}
