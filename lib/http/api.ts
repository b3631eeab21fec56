/**
 * What every REST endpoint shares: methods, bodies up to a limit, path segments, problem+json (RFC 9457), CORS.
 * @module
 */
import type { Context } from "fresh";
import type { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import type { LimitKind } from "@/lib/chat/rate_limiter.ts";
import { define, type State } from "@/lib/http/state.ts";
import { isUpgrade } from "@/lib/http/authenticate.ts";
import { logger } from "@/lib/logger.ts";
import { metrics } from "@/lib/metrics.ts";
import { parseJson } from "@/lib/protocols/json.ts";
import { parse, parseInTime } from "@/lib/protocols/parse.ts";

/** Largest JSON body, in bytes. */
export const BODY_MAX = 64 * 1024;

const PER_ADDRESS: ReadonlySet<LimitKind> = new Set(["postAddress", "join", "register"]);

const BRACE = "{".charCodeAt(0);
const URLENCODED = /^application\/x-www-form-urlencoded\b/i;
const MULTIPART = /^multipart\/form-data\b/i;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Endpoint = (ctx: Context<State>) => Response | Promise<Response>;

/** A Fresh handler from an endpoint a method: HEAD follows GET, OPTIONS and all else is answered here. */
export function api(endpoints: Partial<Record<Method, Endpoint>>) {
  const allow = [...Object.keys(endpoints), ...(endpoints.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const byMethod = new Map<string, Endpoint>(Object.entries(endpoints));
  return define.handlers(async (ctx) => {
    const { method } = ctx.req;
    if (method === "OPTIONS") return withCors(ctx, preflight(allow));
    const endpoint = byMethod.get(method === "HEAD" ? "GET" : method);
    try {
      if (!endpoint) throw new ChatError("method_not_allowed", `Use one of ${allow} here.`);
      const response = await endpoint(ctx);
      // An upgrade's response is the socket: it goes out as it is.
      if (response.status === 101) return response;
      return await headResponse(method, withCors(ctx, response));
    } catch (error) {
      const response = problem(error);
      if (!endpoint) response.headers.set("allow", allow);
      return await headResponse(method, withCors(ctx, response));
    }
  });
}

/** What HEAD gets: the answer to GET, with how long it is, and without it. */
async function headResponse(method: string, response: Response): Promise<Response> {
  if (method !== "HEAD" || response.body === null) return response;
  response.headers.set("content-length", String((await response.arrayBuffer()).byteLength));
  return new Response(null, response);
}

/**
 * Lets pages of any site read an answer of the API, where their cookies count for nothing; and those of the sites that
 * are listed with them.
 */
export function withCors({ req, state }: Context<State>, response: Response): Response {
  const { headers } = response, origin = req.headers.get("origin"), { corsOrigins } = state.chat.site;
  if (origin !== null && corsOrigins.includes(origin)) {
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-allow-credentials", "true");
  } else headers.set("access-control-allow-origin", "*");
  // A cache may not give one site what another one got.
  if (corsOrigins.length > 0) headers.append("vary", "Origin");
  headers.set("access-control-expose-headers", "Link, Location, Retry-After");
  return response;
}

/** Counts a request against what its sender may do so often. Throws {@link ChatError} `rate_limited`. */
export function rateLimit({ state: { chat, actor, address } }: Context<State>, ...kinds: LimitKind[]): void {
  for (const kind of kinds) {
    chat.limits?.take(kind, PER_ADDRESS.has(kind) ? address : actor?.person.id ?? address, performance.now());
  }
}

function preflight(allow: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      "access-control-allow-methods": allow,
      // The star stands for all others that a page may send, but never for the first.
      "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, *",
      "access-control-max-age": "7200",
    },
  });
}

/** An error as `application/problem+json`. What the program did not expect is logged and told as 500. */
export function problem(error: unknown): Response {
  const known = error instanceof ChatError ? error : new ChatError("internal", "Something went wrong here; try again.");
  if (known !== error) logger.error("An unexpected error in a request", {}, error);
  metrics.refused(known.code);
  const { code, status, title, message: detail, issues: errors, retryAfter: retry_after } = known;
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (status === 401) headers.set("www-authenticate", "Bearer");
  if (retry_after !== undefined) headers.set("retry-after", String(Math.max(1, Math.ceil(retry_after))));
  return Response.json({ type: "about:blank", title, status, detail, code, errors, retry_after }, { status, headers });
}

/**
 * The JSON body of a request.
 *
 * @throws {ChatError} `too_large`, or `invalid` with the fields that were wrong.
 */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  return await parseInTime(schema, parseBody(await readBody(request, BODY_MAX)));
}

function parseBody(body: Uint8Array): unknown {
  // Where everything may be left out, so may the body.
  if (body.length === 0) return {};
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new ChatError("invalid", error instanceof ChatError ? error.message : "The body is not UTF-8.");
  }
}

/** The body of a request, JSON or a form. Throws {@link ChatError} as {@link readJson} does. */
export async function readJsonOrForm<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(request, BODY_MAX);
  const type = request.headers.get("content-type") ?? "";
  // `curl -d` calls everything a form.
  const isJson = body[0] === BRACE || !(isForm(request) || MULTIPART.test(type));
  return await parseInTime(schema, isJson ? parseBody(body) : Object.fromEntries(await partsOf(body, type)));
}

/** Whether the body says that it is a form without files. */
export function isForm(request: Request): boolean {
  return URLENCODED.test(request.headers.get("content-type") ?? "");
}

/** The fields of a form of either kind. Throws {@link ChatError} `invalid` for a body that is none. */
export async function partsOf(body: Uint8Array, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch {
    throw new ChatError("invalid", "The body is not a form.");
  }
}

/** The fields of a form. Throws {@link ChatError} `too_large`. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(new TextDecoder().decode(await readBody(request, BODY_MAX)));
}

/**
 * The body of a request.
 *
 * @throws {ChatError} `too_large` for one of more than `most` bytes; no more than that is read.
 */
export async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new ChatError("invalid", `A body in ${encoding} cannot be read here: send it as it is.`);
  }
  const tooLarge = () => new ChatError("too_large", `A body has at most ${most / 1024} KiB here.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/**
 * The decoded path segments of a request, `%2F` too, which Fresh's params leave as it is.
 *
 * @throws {ChatError} `invalid` for a malformed `%`.
 */
export function segments(url: URL): string[] {
  try {
    return url.pathname.split("/").filter((segment) => segment !== "").map(decodeURIComponent);
  } catch {
    throw new ChatError("invalid", "The address has a malformed % in it.");
  }
}

/** The query as an object; of a repeated name the last counts. */
export function query<T>(url: URL, schema: z.ZodType<T>): T {
  return parse(schema, Object.fromEntries(url.searchParams));
}

/**
 * The same request without a slash at the end of an API address: Fresh's exact paths tolerate one, its patterns do not.
 * An upgrade stays the request that it was, as only that one can become a socket.
 */
export function withoutSlash(request: Request): Request {
  const { url, method, headers, body } = request;
  if (
    !/^\w+:\/\/[^/]+\/(?:api|chat|users|token|auth|room|stats|health|metrics|ws)\b[^?]*\/(\?|$)/.test(url) ||
    isUpgrade(request)
  ) {
    return request;
  }
  return new Request(url.replace(/\/+(?=\?|$)/, ""), { method, headers, body });
}

/** A `Link` header (RFC 8288) with an address of the same page for each relation. */
export function link(
  url: URL,
  relations: Record<string, Record<string, string | number> | undefined>,
): string | undefined {
  const links = Object.entries(relations).flatMap(([rel, change]) => {
    if (!change) return [];
    const target = new URL(url);
    for (const cursor of ["before", "after", "around", "cursor"]) target.searchParams.delete(cursor);
    for (const [name, value] of Object.entries(change)) target.searchParams.set(name, String(value));
    return [`<${target.pathname}${target.search}>; rel="${rel}"`];
  });
  return links.length > 0 ? links.join(", ") : undefined;
}
