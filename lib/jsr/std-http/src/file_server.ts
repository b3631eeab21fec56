import { eTag, ifNoneMatch } from "./etag.ts";
import { mediaType } from "./media_type.ts";
import { STATUS_TEXT, type StatusCode } from "./status.ts";

/** Options of {@linkcode serveDir}. */
export interface ServeDirOptions {
  /** The folder to serve. */
  fsRoot: string;
  /** The first part of the URL's path, which stands for `fsRoot`. */
  urlRoot: string;
  /** Logs neither requests nor errors, which is the only mode of this version. */
  quiet: true;
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

/** The bytes that a `Range` header requests; undefined if it is malformed, null if the range is outside of the file. */
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
  // The header has a resolution of one second, the file system a finer one.
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

/** Answers with a file: 304 if the client has it already, 206 or 416 if it requests a range. */
async function serveFile(req: Request, filePath: string, info: Deno.FileInfo): Promise<Response> {
  const headers = new Headers({ "accept-ranges": "bytes" });
  const etag = await eTag(info);
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

/** The decoded path below `urlRoot`, with all `..` resolved; null if it is malformed or outside of `urlRoot`. */
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
    const root = `/${urlRoot}`;
    if (path !== root && !path.startsWith(`${root}/`)) return null;
    return path.slice(root.length) || "/";
  } catch {
    return null;
  }
}

async function answer(req: Request, { fsRoot, urlRoot }: ServeDirOptions): Promise<Response> {
  if (req.method !== "GET" && req.method !== "HEAD") return plain(405);
  const path = localPath(req, urlRoot);
  if (path === null) return plain(404);
  if (path.includes("\0")) return plain(400);
  if (path.split("/").some((part) => part.startsWith("."))) return plain(404);

  const filePath = fsRoot + path;
  const info = await statOrNull(filePath.replace(/(?<=.)\/$/, ""));
  if (info === null) return plain(404);
  const url = new URL(req.url);
  if (!info.isDirectory) {
    if (!path.endsWith("/")) return await serveFile(req, filePath, info);
    url.pathname = url.pathname.replace(/\/+$/, "");
    return Response.redirect(url, 301);
  }
  if (!url.pathname.endsWith("/")) {
    url.pathname += "/";
    return Response.redirect(url, 301);
  }
  const index = await statOrNull(`${filePath}index.html`);
  return index?.isFile ? await serveFile(req, `${filePath}index.html`, index) : plain(404);
}

/** Answers with the file of a folder that the request's path names, or with 500 if the file system fails. */
export async function serveDir(req: Request, options: ServeDirOptions): Promise<Response> {
  try {
    return await answer(req, options);
  } catch {
    return plain(500);
  }
}
