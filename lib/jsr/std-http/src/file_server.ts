import { type DigestAlgorithm, eTag, ifNoneMatch } from "./etag.ts";
import { directoryListing } from "./directory_listing.ts";
import { mediaType } from "./media_type.ts";
import { STATUS_TEXT, type StatusCode } from "./status.ts";

/** How {@linkcode serveFile} answers. */
export interface ServeFileOptions {
  /**
   * The hash of the entity tag.
   *
   * @default {"SHA-256"}
   */
  etagAlgorithm?: DigestAlgorithm;
  /** What `Deno.stat` says of the file, if it is known already. */
  fileInfo?: Deno.FileInfo;
}

/** How {@linkcode serveDir} answers. */
export interface ServeDirOptions {
  /**
   * The folder that is served.
   *
   * @default {"."}
   */
  fsRoot?: string;
  /** The part of the path that stands for `fsRoot`. */
  urlRoot?: string;
  /**
   * Lists folders that have no index.html.
   *
   * @default {false}
   */
  showDirListing?: boolean;
  /**
   * Serves files whose name begins with a dot.
   *
   * @default {false}
   */
  showDotfiles?: boolean;
  /**
   * Serves index.html for its folder.
   *
   * @default {true}
   */
  showIndex?: boolean;
  /**
   * Lets every site read the files.
   *
   * @default {false}
   */
  enableCors?: boolean;
  /**
   * Logs nothing.
   *
   * @default {false}
   */
  quiet?: boolean;
  /**
   * The hash of the entity tags.
   *
   * @default {"SHA-256"}
   */
  etagAlgorithm?: DigestAlgorithm;
  /** More headers of each response, as `name: value`. */
  headers?: string[];
}

function plain(status: StatusCode, headers?: HeadersInit): Response {
  const text = STATUS_TEXT[status];
  const body = status === 304 ? null : text;
  return new Response(body, { status, statusText: text, headers });
}

interface ByteRange {
  start: number;
  end: number;
}

/** The bytes that a `Range` header asks for; undefined if it is malformed, null if none of them exist. */
function parseRange(value: string, size: number): ByteRange | null | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(value.trim());
  const [, first, last] = match ?? [];
  if (first === undefined || last === undefined || first + last === "") {
    return undefined;
  }
  if (first === "") {
    return last === "0" || size === 0 ? null : { start: Math.max(0, size - Number(last)), end: size - 1 };
  }
  const range = {
    start: Number(first),
    end: last === "" ? size - 1 : Math.min(Number(last), size - 1),
  };
  if (last !== "" && Number(last) < range.start) return undefined;
  return range.start >= size ? null : range;
}

function isUnchanged(
  req: Request,
  etag: string | undefined,
  mtime: Date | null,
): boolean {
  const tags = req.headers.get("if-none-match");
  if (tags !== null) return !ifNoneMatch(tags, etag);
  const since = req.headers.get("if-modified-since");
  // The header counts whole seconds, the file system does not.
  return since !== null && mtime !== null &&
    mtime.getTime() < Date.parse(since) + 1000;
}

async function openBody(
  path: string,
  { start, end }: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  const file = await Deno.open(path);
  if (start > 0) await file.seek(start, Deno.SeekMode.Start);
  let left = end - start + 1;
  return file.readable.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, left));
        left -= Math.min(left, chunk.length);
        if (left === 0) controller.terminate();
      },
    }),
  );
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return null;
    throw error;
  }
}

/**
 * Answers with a file: its type by name, an entity tag, 304 if the client has it, 206 and 416 for a range; 404 if it is
 * missing or a folder, 405 for other methods than GET and HEAD.
 */
export async function serveFile(
  req: Request,
  filePath: string,
  options: ServeFileOptions = {},
): Promise<Response> {
  if (req.method !== "GET" && req.method !== "HEAD") return plain(405);
  const info = options.fileInfo ?? await statOrNull(filePath);
  if (info === null || info.isDirectory) {
    await req.body?.cancel();
    return plain(404);
  }

  const headers = new Headers({ "accept-ranges": "bytes" });
  const etag = await eTag({ mtime: info.mtime, size: info.size }, {
    algorithm: options.etagAlgorithm,
  });
  if (info.mtime) headers.set("last-modified", info.mtime.toUTCString());
  if (etag) headers.set("etag", etag);
  if (isUnchanged(req, etag, info.mtime)) return plain(304, headers);

  const type = mediaType(filePath);
  if (type) headers.set("content-type", type);
  const asked = req.headers.get("range");
  const range = asked === null ? undefined : parseRange(asked, info.size);
  if (range === null) {
    headers.set("content-range", `bytes */${info.size}`);
    return plain(416, headers);
  }
  if (range) {
    headers.set(
      "content-range",
      `bytes ${range.start}-${range.end}/${info.size}`,
    );
  }
  const part = range ?? { start: 0, end: info.size - 1 };
  headers.set("content-length", String(part.end - part.start + 1));
  const status = range ? 206 : 200;
  const body = req.method === "HEAD" || info.size === 0 ? null : await openBody(filePath, part);
  return new Response(body, {
    status,
    statusText: STATUS_TEXT[status],
    headers,
  });
}

/** The path below the served folder, decoded, without any step upwards; null if it cannot be read. */
function localPath(req: Request, urlRoot: string): string | null {
  const { pathname } = new URL(req.url);
  try {
    const decoded = decodeURIComponent(pathname).replaceAll("\\", "/").replace(
      /\/+/g,
      "/",
    );
    const steps: string[] = [];
    for (const step of decoded.split("/")) {
      if (step === "..") steps.pop();
      else if (step !== "." && step !== "") steps.push(step);
    }
    const path = `/${steps.join("/")}${decoded.endsWith("/") && steps.length > 0 ? "/" : ""}`;
    const root = urlRoot === "" ? "" : `/${urlRoot.replace(/^\/|\/$/g, "")}`;
    if (root !== "" && path !== root && !path.startsWith(`${root}/`)) {
      return null;
    }
    return path.slice(root.length) || "/";
  } catch {
    return null;
  }
}

async function answer(
  req: Request,
  options: ServeDirOptions,
): Promise<Response> {
  const {
    fsRoot = ".",
    urlRoot = "",
    showIndex = true,
    showDotfiles = false,
    etagAlgorithm,
  } = options;
  if (req.method !== "GET" && req.method !== "HEAD") return plain(405);
  const path = localPath(req, urlRoot);
  if (path === null || path.includes("\0")) {
    return plain(path === null ? 404 : 400);
  }
  if (!showDotfiles && path.split("/").some((part) => part.startsWith("."))) {
    return plain(404);
  }

  const filePath = `${fsRoot.replace(/\/$/, "")}${path}`;
  const fileInfo = await statOrNull(filePath.replace(/(?<=.)\/$/, ""));
  if (fileInfo === null) return plain(404);
  const url = new URL(req.url);
  if (!fileInfo.isDirectory) {
    if (!path.endsWith("/")) {
      return await serveFile(req, filePath, { etagAlgorithm, fileInfo });
    }
    url.pathname = url.pathname.replace(/\/+$/, "");
    return Response.redirect(url, 301);
  }
  if (!url.pathname.endsWith("/")) {
    url.pathname += "/";
    return Response.redirect(url, 301);
  }
  if (showIndex) {
    const index = await statOrNull(`${filePath}index.html`);
    if (index?.isFile) {
      return await serveFile(req, `${filePath}index.html`, {
        etagAlgorithm,
        fileInfo: index,
      });
    }
  }
  if (!options.showDirListing) return plain(404);
  return await directoryListing(req, filePath, url.pathname, showDotfiles);
}

function withHeaders(
  response: Response,
  { enableCors, headers = [] }: ServeDirOptions,
): Response {
  const extra = headers.map((header) => {
    const colon = header.indexOf(":");
    return [header.slice(0, colon), header.slice(colon + 1).trim()] as const;
  });
  if (!enableCors && extra.length === 0) return response;
  const all = new Headers(response.headers);
  if (enableCors) {
    all.append("access-control-allow-origin", "*");
    all.append(
      "access-control-allow-headers",
      "Origin, X-Requested-With, Content-Type, Accept, Range",
    );
  }
  for (const [name, value] of extra) all.append(name, value);
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers: all,
  });
}

/** Answers with a file of a folder, chosen by the path of the request. Errors of the file system become 500. */
export async function serveDir(
  req: Request,
  options: ServeDirOptions = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await answer(req, options);
  } catch (error) {
    if (!options.quiet) console.error(error);
    response = plain(500);
  }
  if (!options.quiet) {
    console.log(
      `[${new Date().toISOString()}] [${req.method}] ${req.url} ${response.status}`,
    );
  }
  return withHeaders(response, options);
}
