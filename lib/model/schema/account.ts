/**
 * Schemas of accounts and of what signs them in.
 * @module
 */
import { z } from "zod";

const bytes = z.instanceof(Uint8Array<ArrayBuffer>);

/** What a personal access token may be limited to. */
export const scope = z.enum(["read", "write", "rooms", "account"]);

/** A registered person. Their credentials stand beside it: {@link password}. */
export const account = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  /** The bio. */
  about: z.string(),
  /** Id of the picture's file. */
  avatar: z.string().nullable(),
  admin: z.boolean(),
  disabled: z.boolean(),
  createdAt: z.number(),
  /** Sessions of another generation have ended: raised to end all of them at once. */
  generation: z.int().default(0),
});

/** A password hash and the cost it was made at, by scrypt (RFC 7914). */
export const password = z.object({
  algorithm: z.literal("scrypt"),
  N: z.int(),
  r: z.int(),
  p: z.int(),
  salt: bytes,
  hash: bytes,
});

/** A browser session or an access token, stored under the hash of its secret. Times in milliseconds since 1970. */
export const session = z.object({
  /** SHA-256 of the secret, 43 characters of base64url. */
  id: z.string(),
  account: z.string(),
  kind: z.enum(["browser", "token"]),
  /** The browser's user agent, or the token's name. */
  label: z.string(),
  /** Null for everything. */
  scopes: z.array(z.string()).nullable(),
  createdAt: z.number(),
  /** Last use, to the hour. */
  seenAt: z.number(),
  /** Null where it lasts until it is revoked. */
  expiresAt: z.number().nullable(),
  /** The account's generation when it was opened. */
  generation: z.int().default(0),
});

/** A key that signs access tokens. */
export const tokenKey = z.object({ kid: z.string(), secret: bytes, at: z.number() });

/** Sign-in attempts in a window of time. */
export const signInAttempts = z.object({ count: z.int(), since: z.number() });
