/**
 * The only reader of the environment: one validated, frozen object. A wrong value stops the start with a sentence.
 * @module
 */
import { parseEnv } from "node:util";
import { z } from "zod";

const whole = (name: string) => z.string().regex(/^\d+$/, `${name} is a whole number.`).transform(Number);

const settings = z.object({
  PORT: whole("PORT").pipe(z.int().max(65_535)).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1).default("./data"),
  KV_URL: z.url({ protocol: /^https?$/ }).optional(),
  GUESTS: z.enum(["full", "chat", "none"]).default("full"),
});

/** The settings of one process. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where the embedded store lies. */
  readonly dataDir: string;
  /** What to open as the store: a file, a `denokv` server's address, or undefined for Deno Deploy's own. */
  readonly store: string | undefined;
  readonly guests: "full" | "chat" | "none";
}

/** The environment, and beneath it what a `.env` file in the working directory says. */
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

/**
 * Reads the settings.
 *
 * @param env The environment, by name.
 * @throws {Error} With a sentence that names the setting that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = environment()): Config {
  // An empty variable is how shells and compose files leave one out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name} is "${given[name]}": ${message}`;
    });
    throw new Error(`Cannot start as a setting is wrong. ${wrong.join(" ")}`);
  }
  const { PORT, HOST, DATA_DIR, KV_URL, GUESTS } = parsed.data;
  const onDeploy = given["DENO_DEPLOYMENT_ID"] !== undefined;
  return Object.freeze({
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    store: KV_URL ?? (onDeploy ? undefined : `${DATA_DIR}/hubbub.sqlite`),
    guests: GUESTS,
  });
}
