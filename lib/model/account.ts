/**
 * Accounts and what signs them in.
 * @module
 */
import type { z } from "zod";
import type { Immutable } from "@/lib/model/immutable.ts";
import type { account, password, scope, session, signInAttempts, tokenKey } from "@/lib/model/schema/account.ts";

/** What a personal access token may be limited to. */
export type Scope = z.infer<typeof scope>;

/** A registered person. */
export type Account = Immutable<z.infer<typeof account>>;

/** A password hash. */
export type Password = Immutable<z.infer<typeof password>>;

/** A browser session or an access token. */
export type Session = Immutable<z.infer<typeof session>>;

/** A key that signs access tokens, under the id that the tokens name. */
export type TokenKey = Immutable<z.infer<typeof tokenKey>>;

/** Sign-in attempts in a window of time. */
export type SignInAttempts = Immutable<z.infer<typeof signInAttempts>>;
