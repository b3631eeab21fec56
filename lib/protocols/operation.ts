/**
 * What is said of an endpoint. A table of these describes the API; document.ts makes OpenAPI of it.
 * @module
 */
import type { z } from "zod";
import type { ErrorCode } from "@/lib/errors.ts";
import type { Parameter } from "@/lib/protocols/parameters.ts";

/** The parts that the description falls into. */
export const TAGS = {
  Rooms: "Protocol 1: rooms, members and invitations.",
  Messages: "Protocol 1: what is said in a room.",
  Me: "Protocol 1: the one who asks, and other people.",
  Server: "Protocol 2: how the server and its rooms are doing.",
  Chats: "Protocol 3: conversations between accounts, and how one gets an account.",
  Bearer: "Protocol 4: rooms by their names, for programs that hold a token.",
} as const;

/** One of {@link TAGS}. */
export type Tag = keyof typeof TAGS;

/** An answer that is not a refusal. */
export interface Answer {
  readonly description: string;
  /** Absent where there is no body. */
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: readonly ("Link" | "Location")[];
  /** The part of other paths that stands for what was made, by its `id`. */
  readonly makes?: string;
  /** Media types of a body that is the thing itself, where it is not JSON. */
  readonly bytes?: readonly string[];
}

/** A body that is wanted. */
export interface Body {
  readonly schema: z.ZodType;
  /** By a few words that say what each is an example of. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Whether a form may be sent as well. */
  readonly form?: true;
}

/** An endpoint's description. */
export interface Operation {
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Who may ask: `anybody` whatever token they hold, `guests` as well as accounts, or `accounts` alone. */
  readonly who: "anybody" | "guests" | "accounts";
  /** What parts of the path mean here, where that is more than what {@link PARAMETERS} says. */
  readonly path?: Readonly<Record<string, Parameter>>;
  readonly query?: z.ZodObject;
  /** Headers that count for this endpoint in particular. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>;
  readonly body?: Body;
  /** Media types of a body that is the thing itself, where it is not JSON. */
  readonly bytes?: readonly string[];
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it may refuse beyond what every endpoint may: {@link refusals}. */
  readonly errors?: readonly ErrorCode[];
}

/** Endpoints by method and path, such as `GET /api/chat/rooms/{room}`. */
export type Operations = Readonly<Record<`${Method} /${string}`, Operation>>;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Every code with which an endpoint may refuse. */
export function refusals({ who, body, bytes, errors = [] }: Operation): ReadonlySet<ErrorCode> {
  return new Set<ErrorCode>([
    ...(who === "anybody" ? [] : ["sign_in", "forbidden"] as const),
    ...(body || bytes ? ["invalid", "too_large"] as const : ["invalid"] as const),
    ...errors,
    "rate_limited",
    "internal",
    "store_unavailable",
  ]);
}
