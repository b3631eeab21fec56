/**
 * Guests: a name held by a signed token, in a cookie or in a socket's first frame. Nothing of a guest is stored.
 * @module
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import { z } from "zod";
import { newPersonId } from "@/lib/chat/accounts.ts";
import type { Person } from "@/lib/model/person.ts";
import { username } from "@/lib/model/schema/text.ts";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** Prefix of guests' tokens. */
export const GUEST_PREFIX = "guest";
const claims = z.tuple([z.string().regex(/^[0-9a-f]{24}$/), username]);

/** Issues and verifies guests' tokens: `guest.<claims>.<HMAC-SHA-256>`, both parts base64url. */
export class Guests {
  private constructor(private readonly secret: Uint8Array) {}

  /** Reads the signing secret from the store, and creates it at the first start. */
  static async open(store: Store): Promise<Guests> {
    const key = keys.secret("guest");
    await store.commit([{ key: key.path, versionstamp: null }], [put(key, new Uint8Array(randomBytes(32)))]);
    const { value } = await store.get(key);
    if (!value) throw new Error("Cannot sign guests' names as the store didn't keep the secret");
    return new Guests(value);
  }

  /** A new guest with this name, which is parsed. */
  issue(name: string): { person: Person; token: string } {
    const id = newPersonId();
    const body = Buffer.from(JSON.stringify([id, name])).toString("base64url");
    return { person: { id, name, guest: true }, token: `${GUEST_PREFIX}.${body}.${this.#sign(body)}` };
  }

  /** The guest who holds this token, or null where it isn't one of ours. */
  verify(token: string): Person | null {
    const [prefix, body, signature, ...rest] = token.split(".");
    if (prefix !== GUEST_PREFIX || !body || !signature || rest.length > 0) return null;
    const given = Buffer.from(signature), expected = Buffer.from(this.#sign(body));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const parsed = claims.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
    return parsed.success ? { id: parsed.data[0], name: parsed.data[1], guest: true } : null;
  }

  #sign(body: string): string {
    return createHmac("sha256", this.secret).update(body).digest("base64url");
  }
}
