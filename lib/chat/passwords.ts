/**
 * Passwords: the rule for a new one, and scrypt (RFC 7914), which makes each guess cost an attacker as much as it costs us.
 * @module
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { Semaphore } from "@/lib/chat/semaphore.ts";
import { PASSWORD_MAX, PASSWORD_MIN } from "@/lib/model/limits.ts";
import type { Password } from "@/lib/model/account.ts";

/** What a new hash costs: a third of a second, and `128 * N * r` = 128 MiB meanwhile. Tests lower it. */
export const HASH_COST = { N: 2 ** 17, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COMMON = 10_000;

/** Hashes at once: they take memory, and more at once would only be slower on most machines. */
const hashing = new Semaphore(2, 100);

/** Stands in where there is no account: no password has this hash. */
const NO_ACCOUNT: Pick<Password, "salt" | "hash"> = {
  salt: new Uint8Array(SALT_BYTES),
  hash: new Uint8Array(HASH_BYTES),
};

/**
 * A new password: {@link PASSWORD_MIN} to {@link PASSWORD_MAX} characters, and none of the most common ones. The list of
 * those is loaded when it's first needed, so parse with `parseAsync`.
 */
export const password = z.string().transform(normal).superRefine(async (text, context) => {
  const length = [...text].length;
  if (length < PASSWORD_MIN) context.addIssue(`Use at least ${PASSWORD_MIN} characters.`);
  else if (length > PASSWORD_MAX) context.addIssue(`Use at most ${PASSWORD_MAX} characters.`);
  else if (await isCommon(text)) {
    context.addIssue("That password is too easy to guess. Choose another.");
  }
}).meta({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX, format: "password" });

/**
 * The hash of a password, with a salt of its own.
 *
 * @throws {ChatError} `rate_limited` where too many hashes wait already, here and below.
 */
export async function hashPassword(text: string): Promise<Password> {
  const made = { algorithm: "scrypt", ...HASH_COST, salt: new Uint8Array(randomBytes(SALT_BYTES)) } as const;
  return { ...made, hash: await derive(text, made, HASH_BYTES) };
}

/**
 * Whether this is the password of the hash. Null, where there is no account, takes as long, so that the time doesn't
 * tell who has one.
 */
export async function verifyPassword(text: string, kept: Password | null): Promise<boolean> {
  const { hash, ...cost } = kept ?? { ...NO_ACCOUNT, ...HASH_COST };
  const equal = timingSafeEqual(await derive(text, cost, hash.length), hash);
  return equal && kept !== null;
}

/** Whether a hash was made at another cost than new ones: hash the password again at its next use. */
export function isOutdated({ N, r, p, salt, hash }: Password): boolean {
  return N !== HASH_COST.N || r !== HASH_COST.r || p !== HASH_COST.p || salt.length !== SALT_BYTES ||
    hash.length !== HASH_BYTES;
}

/** A password is the same however a keyboard composes its characters. */
function normal(text: string): string {
  return text.normalize("NFKC");
}

function derive(
  text: string,
  { N, r, p, salt }: Pick<Password, "N" | "r" | "p" | "salt">,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const maxmem = 2 * 128 * N * r;
  return hashing.run(() =>
    new Promise((resolve, reject) => {
      scrypt(normal(text), salt, length, { N, r, p, maxmem }, (error, key) => {
        if (error) reject(error);
        else resolve(new Uint8Array(key));
      });
    })
  );
}

let common: Promise<ReadonlySet<string>> | undefined;

async function isCommon(text: string): Promise<boolean> {
  return (await (common ??= loadCommon())).has(text.toLowerCase());
}

async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  const ranked = dictionary["passwords-common"].slice(0, COMMON);
  return new Set(ranked.map((text) => text.toLowerCase()));
}
