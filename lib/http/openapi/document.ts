/**
 * The API as an OpenAPI 3.1 document, from the tables beside this file.
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ChatError, type ErrorCode } from "@/lib/errors.ts";
import { SESSION_COOKIES } from "@/lib/http/cookies.ts";
import { JsonSchemas } from "@/lib/protocols/json_schema.ts";
import { type Answer, type Body, type Operation, type Operations, TAGS } from "@/lib/protocols/operation.ts";
import { type Parameter, PARAMETERS } from "@/lib/protocols/parameters.ts";
import { OPERATIONS } from "@/lib/http/openapi/operations.ts";
import { VERSION } from "@/lib/http/health.ts";

/** The document as it is served. */
export interface Description {
  readonly text: string;
  readonly etag: string;
}

/** The body of every error (RFC 9457). */
export const problemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: "A sentence for people that says what to do." }),
  code: z.string().meta({ description: "What happened, for programs. It stays the same across versions." }),
  errors: z.array(z.object({ path: z.array(z.union([z.string(), z.int()])), message: z.string() })).optional()
    .meta({ description: "The fields that were wrong." }),
  retry_after: z.number().optional().meta({ description: "Seconds to wait before you try again." }),
}).meta({ id: "Problem" });

const ABOUT =
  `Rooms, messages and people of a Hubbub server. The sockets are described at [/docs/websocket](/docs/websocket).

Without an account you're a guest, with a name that a cookie keeps, and can do what the server allows guests. A bad or expired token is 401; it never makes
you a guest. Errors are \`application/problem+json\` with a \`code\` for programs. Unknown keys are ignored.`;

const HEADERS = {
  Link: { description: "Addresses of the previous and the next page (RFC 8288).", schema: { type: "string" } },
  Location: { description: "Address of what was created.", schema: { type: "string" } },
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } },
};

const SECURITY = {
  anyone: [],
  guests: [{}, { token: [] }, { session: [] }],
  accounts: [{ token: [] }, { session: [] }],
};

let made: Description | undefined;

/** The OpenAPI document of this server, made once. */
export function description(): Description {
  if (!made) {
    const text = JSON.stringify(openApi(OPERATIONS));
    made = { text, etag: `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"` };
  }
  return made;
}

/** An OpenAPI 3.1 document of some operations. */
export function openApi(operations: Operations) {
  const schemas = new JsonSchemas(), paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = name.split(" ");
    (paths[path] ??= {})[method.toLowerCase()] = described(name, operation, operations, schemas);
  }
  schemas.output(problemAnswer);
  return {
    openapi: "3.1.0",
    info: { title: "Hubbub", version: VERSION, description: ABOUT, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "An access token, a personal token, or a guest's token.",
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIES[1],
          description: `The cookie of a signed-in browser. Over HTTPS its name is \`${SESSION_COOKIES[0]}\`.`,
        },
      },
    },
  };
}

function described(name: string, operation: Operation, all: Operations, schemas: JsonSchemas) {
  const { tag, summary, description, who = "guests", body, bytes, answers } = operation;
  const parts = partsOf(name).map((part) => ({ part, ...parameter(name, part, operation) }));
  const responses = Object.entries(answers).map(([status, answer]) => [status, response(answer, all, schemas)]);
  return {
    tags: [tag],
    summary,
    description,
    operationId: operationId(name),
    security: SECURITY[who],
    parameters: [...pathParameters(parts, schemas), ...otherParameters(operation, schemas)],
    requestBody: body ? requestBody(body, schemas) : bytes && { required: true, content: raw(bytes) },
    responses: { ...problems(errorCodes(operation, parts)), ...Object.fromEntries(responses) },
  };
}

/** A name for generated clients: `GET /api/chat/rooms/{room}/messages` is `getApiChatRoomsRoomMessages`. */
function operationId(name: string): string {
  const [method = "", ...words] = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}

function partsOf(name: string): string[] {
  return [...name.matchAll(/\{(\w+)\}/g)].map(([, part = ""]) => part);
}

function parameter(name: string, part: string, { path = {} }: Operation): Parameter {
  const found = path[part] ?? PARAMETERS[part];
  if (!found) throw new Error(`Cannot describe ${name} without a description of {${part}}`);
  return found;
}

type Part = Parameter & { readonly part: string };

function pathParameters(parts: readonly Part[], schemas: JsonSchemas) {
  return parts.map(({ part, description, schema, example }) => (
    { name: part, in: "path", required: true, description, schema: schemas.parameter(schema), example }
  ));
}

/** Every error code of an endpoint. */
function errorCodes({ who, body, bytes, errors = [] }: Operation, parts: readonly Part[]): ReadonlySet<ErrorCode> {
  return new Set<ErrorCode>([
    ...(who === "anyone" ? [] : ["sign_in", "forbidden"] as const),
    ...(body || bytes ? ["invalid", "too_large"] as const : ["invalid"] as const),
    ...parts.flatMap(({ error }) => error ?? []),
    ...errors,
    "rate_limited",
    "internal",
    "store_unavailable",
  ]);
}

function otherParameters({ query, headers = {} }: Operation, schemas: JsonSchemas) {
  const asked = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({ name, in: "query", schema }));
  const sent = Object.entries(headers).map(([name, header]) => ({ name, in: "header", ...header }));
  return [...asked, ...sent].map(({ schema, ...parameter }) => {
    const { description, ...made } = schemas.parameter(schema);
    return { description, ...parameter, required: !z.safeParse(schema, undefined).success, schema: made };
  });
}

function requestBody({ schema, examples, form }: Body, schemas: JsonSchemas) {
  const made = schemas.input(schema);
  const content = {
    schema: made,
    examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
  };
  return {
    // A body without required fields may be left out.
    required: schemas.hasRequired(made),
    content: {
      "application/json": content,
      ...(form ? { "application/x-www-form-urlencoded": content, "multipart/form-data": content } : {}),
    },
  };
}

function raw(types: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, {}]));
}

function response(
  { description, schema, example, headers = [], makes, bytes }: Answer,
  all: Operations,
  schemas: JsonSchemas,
) {
  return {
    description,
    headers: Object.fromEntries(headers.map((name) => [name, HEADERS[name]])),
    content: bytes ? raw(bytes) : schema && { "application/json": { schema: schemas.output(schema), example } },
    links: makes === undefined ? undefined : links(makes, all),
  };
}

/** Links from an answer to the endpoints that take its id. */
function links(part: string, all: Operations) {
  const ids = Object.keys(all).filter((name) => partsOf(name).join() === part).map(operationId);
  return Object.fromEntries(ids.map((id) => [id, { operationId: id, parameters: { [part]: "$response.body#/id" } }]));
}

/** The error responses by status; a status may have several codes. */
function problems(codes: ReadonlySet<ErrorCode>) {
  const byStatus = Map.groupBy([...codes].map((code) => new ChatError(code)), ({ status }) => status);
  return Object.fromEntries([...byStatus].map(([status, errors]) => [status, {
    description: errors.map(({ title }) => title).join(", or "),
    headers: status === 429 ? { "Retry-After": HEADERS["Retry-After"] } : {},
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(errors.map((error) => [error.code, { value: example(error) }])),
      },
    },
  }]));
}

function example({ status, title, code, message: detail }: ChatError): z.infer<typeof problemAnswer> {
  return { type: "about:blank", title, status, detail, code };
}
