/**
 * What the program tells whoever runs it: a line each, as text for people or as JSON for programs. Lines never hold what
 * people write, nor tokens, passwords, cookies or addresses of mail; whoever adds one sees to that.
 * @module
 */

/** How lines are written. */
export type LogFormat = "text" | "json";

/** What a line tells beside its sentence. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

type Level = "info" | "warn" | "error";

/** An error as a line tells it. */
interface SerializedError {
  readonly name: string;
  readonly code?: string | number;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: SerializedError;
}

const CAUSES_TOLD = 3;
/** {@link ThrottledWarning} is silent so long, in milliseconds. */
const SELDOM_MS = 10_000;

let format: LogFormat = "text";

/** Chooses how lines are written from now on, in this isolate. */
export function setLogFormat(chosen: LogFormat): void {
  format = chosen;
}

/** Writes lines. */
export const logger = {
  /** What goes as it should. */
  info(message: string, fields: Fields = {}): void {
    console.log(formatLine("info", message, fields));
  },
  /** What goes wrong and heals by itself, or is somebody else's doing. */
  warn(message: string, fields: Fields = {}, error?: unknown): void {
    console.error(formatLine("warn", message, fields, error));
  },
  /** What should not happen. */
  error(message: string, fields: Fields = {}, error?: unknown): void {
    console.error(formatLine("error", message, fields, error));
  },
};

/** A warning that many may cause at once: the first comes at once, the next some time later with how many there were. */
export class ThrottledWarning {
  #times = 0;
  #saidAt = -Infinity;

  /** Nothing is said yet. */
  constructor(readonly message: string) {}

  /** Says it, unless it was said just now. */
  warn(fields: Fields = {}, error?: unknown): void {
    this.#times++;
    const now = performance.now();
    if (now - this.#saidAt < SELDOM_MS) return;
    logger.warn(this.message, { ...fields, times: this.#times }, error);
    this.#times = 0;
    this.#saidAt = now;
  }
}

function formatLine(level: Level, message: string, fields: Fields, error?: unknown): string {
  const now = new Date(), told = error === undefined ? undefined : serializeError(error, CAUSES_TOLD);
  if (format === "json") return JSON.stringify({ time: now.toISOString(), level, message, ...fields, error: told });
  const beside = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`).join("");
  const clock = now.toTimeString().slice(0, 8);
  return `${clock} ${level === "info" ? "" : `${level}: `}${message}${beside}${told ? `\n${asText(told)}` : ""}`;
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
  const said = `${stack ?? `${name}: ${message}`}${code === undefined ? "" : `\n    code: ${code}`}`;
  return cause ? `${said}\nas ${asText(cause)}` : said;
}
