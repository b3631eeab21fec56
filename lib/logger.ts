/**
 * The log: one line per event, as text for people or as JSON for programs. Lines never hold what people write, nor
 * tokens, passwords, cookies or email addresses.
 * @module
 */

/** How lines are written. */
export type LogFormat = "text" | "json";

/** The fields of a line, beside its message. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

type Level = "info" | "warn" | "error";

/** An error as a line shows it. */
interface SerializedError {
  readonly name: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: SerializedError;
}

const CAUSES_MAX = 3;
/** How long a {@link ThrottledWarning} is silent after a line, in milliseconds. */
const THROTTLE_MS = 10_000;

let format: LogFormat = "text";

/** Chooses how lines are written from now on, in this isolate. */
export function setLogFormat(chosen: LogFormat): void {
  format = chosen;
}

/** The logger. */
export const logger = {
  /** Something expected. */
  info(message: string, fields: Fields = {}): void {
    console.log(formatLine("info", message, fields));
  },
  /** Something that goes wrong and recovers by itself, or that a client causes. */
  warn(message: string, fields: Fields = {}, error?: unknown): void {
    console.error(formatLine("warn", message, fields, error));
  },
  /** Something that shouldn't happen. */
  error(message: string, fields: Fields = {}, error?: unknown): void {
    console.error(formatLine("error", message, fields, error));
  },
};

/** A rate-limited warning: logged at once, then at most every 10 seconds with how often it happened. */
export class ThrottledWarning {
  #times = 0;
  #loggedAt = -Infinity;

  /** @param message What all its lines say. */
  constructor(readonly message: string) {}

  /** Logs a line, unless there was one just now. */
  warn(fields: Fields = {}, error?: unknown): void {
    this.#times++;
    const now = performance.now();
    if (now - this.#loggedAt < THROTTLE_MS) return;
    logger.warn(this.message, { ...fields, times: this.#times }, error);
    this.#times = 0;
    this.#loggedAt = now;
  }
}

function formatLine(level: Level, message: string, fields: Fields, error?: unknown): string {
  const now = new Date(), serialized = error === undefined ? undefined : serializeError(error, CAUSES_MAX);
  if (format === "json") {
    return JSON.stringify({ time: now.toISOString(), level, message, ...fields, error: serialized });
  }
  const beside = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`).join("");
  const clock = now.toTimeString().slice(0, 8);
  return `${clock} ${level === "info" ? "" : `${level}: `}${message}${beside}${
    serialized ? `\n${asText(serialized)}` : ""
  }`;
}

function serializeError(error: unknown, causes: number): SerializedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error, code = "code" in error ? error.code : undefined;
  return {
    name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    message,
    stack,
    ...(cause === undefined || causes === 0 ? {} : { cause: serializeError(cause, causes - 1) }),
  };
}

function asText({ name, code, message, stack, cause }: SerializedError): string {
  const text = `${stack ?? `${name}: ${message}`}${code === undefined ? "" : `\n    code: ${code}`}`;
  return cause ? `${text}\nas ${asText(cause)}` : text;
}
