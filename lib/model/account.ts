/**
 * Accounts and what signs them in.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { account, password, scope, session, signInAttempts, tokenKey } from "@/lib/model/schema/account.ts";

/** What a personal access token may be limited to. */
export type Scope = Parsed<typeof scope>;

/** A registered person. */
export type Account = Parsed<typeof account>;

/** A password hash. */
export type Password = Parsed<typeof password>;

/** A browser session or an access token. */
export type Session = Parsed<typeof session>;

/** A key that signs access tokens, under the id that the tokens name. */
export type TokenKey = Parsed<typeof tokenKey>;

/** Sign-in attempts in a window of time. */
export type SignInAttempts = Parsed<typeof signInAttempts>;
