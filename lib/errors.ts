/**
 * The errors of the domain: each has a code for programs, an HTTP status, a WebSocket close code (docs/protocols.md) and a
 * sentence for people.
 * @module
 */

/** What a code is on each transport. `close` is set where it closes a socket. */
interface Meaning {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 429 | 500 | 503;
  readonly close?: number;
  readonly title: string;
}

const MEANINGS = {
  bad_frame: { status: 400, close: 4400, title: "Bad frame" },
  invalid: { status: 422, title: "Invalid input" },
  sign_in: { status: 401, close: 4401, title: "Sign in" },
  forbidden: { status: 403, close: 4403, title: "Not allowed" },
  room_archived: { status: 403, title: "Room archived" },
  not_found: { status: 404, title: "Not found" },
  room_not_found: { status: 404, close: 4404, title: "Room not found" },
  message_not_found: { status: 404, title: "Message not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  wrong_password: { status: 403, title: "Wrong password" },
  name_taken: { status: 409, title: "Name taken" },
  name_registered: { status: 409, close: 4401, title: "Name belongs to an account" },
  room_deleted: { status: 410, close: 4410, title: "Room deleted" },
  message_deleted: { status: 410, title: "Message deleted" },
  too_large: { status: 413, close: 1009, title: "Too large" },
  too_slow: { status: 503, close: 4408, title: "Too slow" },
  rate_limited: { status: 429, close: 4429, title: "Too many requests" },
  // RFC 6455 and its registry: 1011 is an unexpected condition, 1013 means to try again later.
  internal: { status: 500, close: 1011, title: "Internal error" },
  store_unavailable: { status: 503, close: 1013, title: "Store unavailable" },
  going_away: { status: 503, close: 1001, title: "Server going away" },
} as const satisfies Record<string, Meaning>;

/** The name of an error of the domain, stable across versions. */
export type ErrorCode = keyof typeof MEANINGS;

/** A field that is wrong, with its path as zod gives it. */
export interface FieldIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What an error has beside its sentence. */
export interface ErrorDetails {
  /** The fields that are wrong, for `invalid`. */
  readonly issues?: readonly FieldIssue[];
  /** The nonce of the refused frame, where it could be read. */
  readonly nonce?: string;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
}

/** A refusal. Its `message` is a sentence for people. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  /** The fields that are wrong. */
  readonly issues: readonly FieldIssue[] | undefined;
  /** The nonce of the refused frame. */
  readonly nonce: string | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;

  /**
   * @param code What happened.
   * @param message A sentence that says what to do; the code's title where none is given.
   */
  constructor(readonly code: ErrorCode, message?: string, { issues, nonce, retryAfter }: ErrorDetails = {}) {
    super(message ?? MEANINGS[code].title);
    this.issues = issues;
    this.nonce = nonce;
    this.retryAfter = retryAfter;
  }

  /** HTTP status of this error. */
  get status(): Meaning["status"] {
    return MEANINGS[this.code].status;
  }

  /** WebSocket close code, or undefined where the socket stays open. */
  get close(): number | undefined {
    const meaning: Meaning = MEANINGS[this.code];
    return meaning.close;
  }

  /** The code's short name for people. */
  get title(): string {
    return MEANINGS[this.code].title;
  }
}
