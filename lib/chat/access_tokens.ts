/**
 * Access tokens: JSON Web Tokens (RFC 7519) that name an account and its session. Every instance signs and verifies
 * with the same keys, which are in the store and change every 30 days.
 * @module
 */
import { randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import { keys } from "@/lib/store/keys.ts";
import type { TokenKey } from "@/lib/model/account.ts";
import type { Store } from "@/lib/store/kv.ts";

const ISSUER = "hubbub";
const ALGORITHM = "HS256";
const SECRET_BYTES = 32;
/** How long a key signs. */
const KEY_MS = 30 * 24 * 3600 * 1000;
/** An unknown key may be a new one, so the keys are read again, at most this often: garbage must cost nothing. */
const READ_AGAIN_MS = 1000;
/** How long a new key waits before it signs, until all instances know it. */
const SETTLE_MS = 2 * READ_AGAIN_MS;

const claims = z.object({ sub: z.string().min(1), sid: z.string().min(1), iat: z.int(), exp: z.int() });

/** The account and the session that a token names. */
export interface TokenSubject {
  readonly account: string;
  readonly session: string;
}

/** Signs and verifies access tokens. */
export class AccessTokens {
  /** Oldest first. */
  #keys: readonly TokenKey[] = [];
  #readAt = -Infinity;
  /** The last reading. Calls too soon after it share it. */
  #reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly store: Store,
    private readonly ttl: number,
    private readonly clock: () => number,
  ) {}

  /**
   * Reads the keys from the store, and creates the first one at the first start.
   *
   * @param ttlSeconds How long a token is valid.
   * @param clock The time in milliseconds.
   */
  static async open(store: Store, ttlSeconds: number, clock: () => number = Date.now): Promise<AccessTokens> {
    const tokens = new AccessTokens(store, ttlSeconds, clock);
    await tokens.#rotate();
    return tokens;
  }

  /** A token for this session, and the seconds for which it's valid. */
  async sign({ account, session }: TokenSubject): Promise<{ token: string; expiresIn: number }> {
    const { kid, secret } = await this.#signer();
    const at = Math.floor(this.clock() / 1000);
    const token = await new SignJWT({ sid: session })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: "JWT" })
      .setIssuer(ISSUER)
      .setSubject(account)
      .setIssuedAt(at)
      .setExpirationTime(at + this.ttl)
      .sign(secret);
    return { token, expiresIn: this.ttl };
  }

  /**
   * The subject of a token, and when it expires in milliseconds since 1970.
   *
   * @throws {ChatError} `sign_in` for a token that isn't ours, or isn't valid any more.
   */
  async verify(token: string): Promise<TokenSubject & { readonly expiresAt: number }> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#secret(kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        currentDate: new Date(this.clock()),
      });
      const { sub, sid, exp } = claims.parse(payload);
      return { account: sub, session: sid, expiresAt: exp * 1000 };
    } catch (error) {
      // An unavailable store says nothing about the token.
      if (error instanceof ChatError) throw error;
      throw invalid();
    }
  }

  async #secret(kid: string | undefined): Promise<Uint8Array> {
    if (kid === undefined) throw invalid();
    if (!this.#known(kid)) await this.#readAgain();
    const key = this.#known(kid);
    if (!key) throw invalid();
    return key.secret;
  }

  #known(kid: string): TokenKey | undefined {
    return this.#keys.find((key) => key.kid === kid);
  }

  async #signer(): Promise<TokenKey> {
    const now = this.clock();
    if (!this.#keys.some((key) => isFresh(key, now))) await this.#rotate();
    const signer = this.#keys.findLast(({ at }) => at <= now - SETTLE_MS) ?? this.#keys.at(-1);
    if (!signer) throw new Error("Cannot sign a token as the store didn't keep the key");
    return signer;
  }

  /** Adds a key where all are too old, and drops those whose tokens have all expired. */
  async #rotate(): Promise<void> {
    const now = this.clock();
    let current: readonly TokenKey[] = [];
    await this.store.update(keys.tokenKeys(), (value) => {
      current = value ?? [];
      if (current.some((key) => isFresh(key, now))) return undefined;
      const oldest = now - KEY_MS - SETTLE_MS - this.ttl * 1000;
      const made = {
        kid: randomBytes(9).toString("base64url"),
        secret: new Uint8Array(randomBytes(SECRET_BYTES)),
        at: now,
      };
      current = [...current.filter(({ at }) => at >= oldest), made];
      return { value: current };
    });
    this.#keys = current;
  }

  #readAgain(): Promise<void> {
    const now = this.clock();
    if (Math.abs(now - this.#readAt) < READ_AGAIN_MS) return this.#reading;
    this.#readAt = now;
    return this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    const { value } = await this.store.get(keys.tokenKeys());
    if (value) this.#keys = value;
  }
}

function isFresh({ at }: TokenKey, now: number): boolean {
  return now - at <= KEY_MS;
}

function invalid(): ChatError {
  return new ChatError("sign_in", "This token isn't valid any more. Sign in again.");
}
