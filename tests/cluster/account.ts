/**
 * Accounts of an instance that is a process.
 * @module
 */
import { z } from "zod";
import { ask } from "@/tests/limits.ts";

/** An account that has signed in. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** The access token. */
  readonly token: string;
  /** The cookies of the session. */
  readonly cookie: string;
}

const registered = z.object({ id: z.string(), username: z.string(), access_token: z.string() });

/** Registers an account. */
export async function register(url: string, username: string): Promise<Account> {
  const body = JSON.stringify({ username, password: "correct horse battery" });
  const response = await ask(`${url}/api/auth/register`, { method: "POST", body });
  const { id, username: name, access_token: token } = registered.parse(await response.json());
  return { id, name, token, cookie: response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ") };
}
