/**
 * The settings, read from the environment into one validated, frozen object. A wrong value stops the start with a sentence.
 * @module
 */
import { parseEnv } from "node:util";
import { z } from "zod";

const whole = (name: string) => z.string().regex(/^\d+$/, `${name} is a whole number.`).transform(Number);

const list = z.string().transform((text) => text.split(",").map((item) => item.trim()).filter((item) => item !== ""));

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  context.addIssue(`"${text}" is not an address such as https://chat.example.org, without a path.`);
  return z.NEVER;
});

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: ({ input }) => `"${input}" is neither an address such as 10.0.0.1 nor a network such as 10.0.0.0/8.`,
});

const seconds = (name: string) => whole(name).pipe(z.int().positive(`${name} is at least 1 second.`));
const flag = z.enum(["0", "1"]).default("0").transform((value) => value === "1");

const settings = z.object({
  PORT: whole("PORT").pipe(z.int().max(65_535)).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1).default("./data"),
  KV_URL: z.url({ protocol: /^https?$/ }).optional(),
  WORKERS: whole("WORKERS").pipe(z.int().min(1).max(64)).optional(),
  GUESTS: z.enum(["full", "chat", "none"]).default("full"),
  RATE_LIMIT: z.enum(["on", "off"]).default("on"),
  ACCESS_TOKEN_TTL: seconds("ACCESS_TOKEN_TTL").default(3600),
  SESSION_TTL: seconds("SESSION_TTL").default(30 * 24 * 3600),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]),
  TRUSTED_PROXIES: list.pipe(z.array(network)).default([]),
  PUBLIC_URL: origin.optional(),
  ADMIN_USERS: list.default([]),
  METRICS_TOKEN: z.string().min(16, "METRICS_TOKEN has at least 16 characters.").optional(),
  LOG: z.enum(["text", "json"]).optional(),
  OTEL_DENO: z.enum(["true", "false"]).optional(),
  DEMO: flag,
  PRODUCTION: flag,
}).refine(({ DEMO, PRODUCTION }) => !(DEMO && PRODUCTION), {
  path: ["DEMO"],
  message:
    "it creates accounts whose passwords everyone knows, so it can't go with PRODUCTION=1. Leave one of them out.",
});

/** More isolates than this are of little use with one store. */
const WORKERS_USUAL = 8;

/** The rate limits of people and addresses: token buckets of `burst` that get `perSecond` more. */
export const LIMITS = {
  post: { perSecond: 10, burst: 40 },
  // Typing, read marks, status.
  signal: { perSecond: 20, burst: 100 },
  // Many people can share one address.
  postAddress: { perSecond: 100, burst: 400 },
  join: { perSecond: 100, burst: 1000 },
  create: { perSecond: 5, burst: 200 },
  // Changes of rooms, members, invites and accounts.
  manage: { perSecond: 5, burst: 200 },
  subscribe: { perSecond: 20, burst: 1000 },
  register: { perSecond: 1, burst: 200 },
  signIn: { perSecond: 1, burst: 20 },
  upload: { perSecond: 1, burst: 20 },
  search: { perSecond: 5, burst: 20 },
} as const;

/** The settings of one process. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** The folder of the embedded store. */
  readonly dataDir: string;
  /** What to open as the store: a file, a `denokv` server's address, or undefined for Deno Deploy's own. */
  readonly store: string | undefined;
  /** The most isolates that serve, this one among them. */
  readonly workers: number;
  /** Isolates that serve from the start: all where WORKERS is set, otherwise one, and more under load. */
  readonly workersAtStart: number;
  readonly guests: "full" | "chat" | "none";
  /** Null without rate limits. */
  readonly limits: Readonly<Record<keyof typeof LIMITS, { readonly perSecond: number; readonly burst: number }>> | null;
  /** How long an access token is valid, in seconds. */
  readonly accessTokenTtl: number;
  /** How long a session lasts, in seconds. */
  readonly sessionTtl: number;
  /** Sites whose pages can use the API with cookies. */
  readonly corsOrigins: readonly string[];
  /** Addresses, and networks in CIDR form, of proxies that are trusted about where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** The address that people use, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** Names of the accounts that are admins. */
  readonly admins: readonly string[];
  /** The token with which other machines can read `/metrics`; undefined where none can. */
  readonly metricsToken: string | undefined;
  /** Whether to trace. Deno itself reads this setting too, and exports the spans. */
  readonly trace: boolean;
  /** Whether to create demo accounts and a conversation. */
  readonly demo: boolean;
}

/** The environment, and a `.env` file in the working directory for what it lacks. */
function environment(): Record<string, string | undefined> {
  return { ...dotEnv(), ...Deno.env.toObject() };
}

function dotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** The log format. It has to be known even where another setting is wrong. */
export function readLogFormat(): "text" | "json" {
  const { LOG } = environment();
  if (LOG === "text" || LOG === "json") return LOG;
  return Deno.stdout.isTerminal() ? "text" : "json";
}

/**
 * Reads the settings.
 *
 * @param env The environment, by name.
 * @throws {Error} With a sentence that names the wrong setting.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = environment()): Config {
  // Shells and compose files leave a variable out by an empty one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} is "${given[name]}": ${message}`;
    });
    throw new Error(`Cannot start as a setting is wrong. ${wrong.join(" ")}`);
  }
  const { PORT, HOST, DATA_DIR, KV_URL, WORKERS, GUESTS, RATE_LIMIT, ...rest } = parsed.data;
  const onDeploy = given["DENO_DEPLOYMENT_ID"] !== undefined;
  return Object.freeze({
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    store: KV_URL ?? (onDeploy ? undefined : `${DATA_DIR}/hubbub.sqlite`),
    workers: onDeploy ? 1 : WORKERS ?? Math.min(navigator.hardwareConcurrency, WORKERS_USUAL),
    workersAtStart: onDeploy ? 1 : WORKERS ?? 1,
    guests: GUESTS,
    limits: RATE_LIMIT === "on" ? LIMITS : null,
    accessTokenTtl: rest.ACCESS_TOKEN_TTL,
    sessionTtl: rest.SESSION_TTL,
    corsOrigins: rest.CORS_ORIGINS,
    trustedProxies: rest.TRUSTED_PROXIES,
    publicUrl: rest.PUBLIC_URL,
    admins: rest.ADMIN_USERS,
    metricsToken: rest.METRICS_TOKEN,
    trace: rest.OTEL_DENO === "true",
    demo: rest.DEMO,
  });
}
