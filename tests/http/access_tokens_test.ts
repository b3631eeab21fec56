import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { decodeProtectedHeader, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { ChatError } from "@/lib/errors.ts";
import { AccessTokens } from "@/lib/chat/access_tokens.ts";
import { keys } from "@/lib/store/keys.ts";
import { Store } from "@/lib/store/kv.ts";
import { openStore } from "@/lib/store/open.ts";

const DAY = 24 * 3600 * 1000;
const START = Date.UTC(2026, 0, 1);
const TTL = 3600;
const subject = { account: "0190c0ffee00deadbeef0001", session: "s-1" };

/** A store, and a clock that stands still until it is set. */
async function opened() {
  const store = await openStore(":memory:");
  const clock = { now: START };
  const open = () => AccessTokens.open(store, TTL, () => clock.now);
  return { store, clock, open, tokens: await open(), [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

async function refused(tokens: AccessTokens, token: string, why: string): Promise<void> {
  const error = await assertRejects(() => tokens.verify(token), ChatError, undefined, why);
  assertEquals([error.code, error.message], ["sign_in", "This token isn't valid any more. Sign in again."], why);
}

async function kids(store: Store): Promise<string[]> {
  return ((await store.get(keys.tokenKeys())).value ?? []).map(({ kid }) => kid);
}

Deno.test("a token names its account and session, and how long it is good", async () => {
  await using server = await opened();
  const { token, expiresIn } = await server.tokens.sign(subject);
  assertEquals(expiresIn, TTL);
  assertEquals(await server.tokens.verify(token), { ...subject, expiresAt: START + TTL * 1000 });
  assertEquals(decodeProtectedHeader(token).alg, "HS256");
});

Deno.test("a token is good to its last second, and then no more", async () => {
  await using server = await opened();
  const { token } = await server.tokens.sign(subject);
  server.clock.now += TTL * 1000 - 1;
  await server.tokens.verify(token);
  server.clock.now += 1;
  await refused(server.tokens, token, "expired");
});

Deno.test("invalid tokens are all refused with the same words", async () => {
  await using server = await opened();
  const { token } = await server.tokens.sign(subject);
  const [key] = (await server.store.get(keys.tokenKeys())).value!;
  const { kid, secret } = key!;
  const iat = START / 1000, exp = iat + TTL;
  const right: JWTPayload = { iss: "hubbub", sub: subject.account, sid: subject.session, iat, exp };
  const signed = (payload: JWTPayload, header: { alg: string; kid?: string } = { alg: "HS256", kid }, by = secret) =>
    new SignJWT(payload).setProtectedHeader(header).sign(by);
  await server.tokens.verify(await signed(right));

  const [head, body, signature] = token.split(".");
  const other = btoa(JSON.stringify({ ...right, sub: "somebody else" })).replaceAll("=", "");
  await refused(server.tokens, `${head}.${other}.${signature}`, "tampered");
  await refused(server.tokens, `${head}.${body}.`, "without a signature");
  await refused(server.tokens, new UnsecuredJWT(right).encode(), "alg none");
  const none = btoa(JSON.stringify({ alg: "none", kid })).replaceAll("=", "");
  await refused(server.tokens, `${none}.${body}.`, "alg none with our kid");
  const long = new Uint8Array([...secret, ...secret]);
  await refused(server.tokens, await signed(right, { alg: "HS512", kid }, long), "another algorithm");
  await refused(server.tokens, await signed(right, { alg: "HS512", kid }), "another algorithm with our secret");
  await refused(server.tokens, await signed(right, { alg: "HS256" }), "no kid");
  await refused(server.tokens, await signed(right, { alg: "HS256", kid: "toString" }), "an unknown kid");
  await refused(server.tokens, await signed(right, { alg: "HS256", kid }, new Uint8Array(32)), "another secret");
  await refused(server.tokens, await signed({ ...right, iss: "elsewhere" }), "another issuer");
  for (const claim of ["iss", "sub", "sid", "iat", "exp"]) {
    await refused(server.tokens, await signed({ ...right, [claim]: undefined }), `no ${claim}`);
  }
  await refused(server.tokens, await signed({ ...right, sid: 5 }), "a sid that is not text");
  await refused(server.tokens, await signed({ ...right, sub: "" }), "nobody");
  for (const garbage of ["", "x", "..", "a.b.c", "guest.e30.x", "\u{1f980}", token + token, `${token}.x`]) {
    await refused(server.tokens, garbage, `garbage ${garbage}`);
  }
});

Deno.test("a token that one instance signs is valid at another, and after a restart", async () => {
  await using server = await opened();
  const other = await server.open();
  const { token } = await server.tokens.sign(subject);
  assertEquals((await other.verify(token)).session, "s-1");
  assertEquals(await kids(server.store), [decodeProtectedHeader(token).kid]);
});

Deno.test("instances that start at the same moment use the same key", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(`${folder}/store.sqlite`)));
    const all = await Promise.all(stores.map((store) => AccessTokens.open(store, TTL)));
    assertEquals((await kids(stores[0]!)).length, 1);
    for (const signer of all) {
      const { token } = await signer.sign(subject);
      for (const verifier of all) assertEquals((await verifier.verify(token)).account, subject.account);
    }
    for (const store of stores) store.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("after 30 days there is a new key, at once on every instance, and no token is lost by it", async () => {
  await using server = await opened();
  const { clock, store, tokens } = server;
  const other = await server.open();
  clock.now += 30 * DAY;
  const old = await tokens.sign(subject);
  clock.now += 1;
  const last = await tokens.sign(subject);
  assertEquals((await kids(store)).length, 2);
  assertEquals(
    decodeProtectedHeader(last.token).kid,
    decodeProtectedHeader(old.token).kid,
    "the new key waits until nobody can have missed it",
  );
  clock.now += 2000;
  const next = await tokens.sign(subject);
  assertNotEquals(decodeProtectedHeader(next.token).kid, decodeProtectedHeader(old.token).kid);
  for (const { token } of [old, last, next]) {
    for (const instance of [tokens, other]) assertEquals((await instance.verify(token)).session, "s-1");
  }
  await Promise.all([other.sign(subject), other.sign(subject), tokens.sign(subject)]);
  assertEquals((await kids(store)).length, 2, "both sign with the same new key");
});

Deno.test("a key goes when every token that it signed has run out", async () => {
  await using server = await opened();
  const [first] = await kids(server.store);
  for (const days of [30.01, 60.02]) {
    server.clock.now = START + days * DAY;
    await server.tokens.sign(subject);
  }
  const left = await kids(server.store);
  assertEquals(left.length, 2);
  assert(!left.includes(first!));
});

Deno.test("tokens with unknown keys cause at most one read of the keys per second", async () => {
  await using server = await opened();
  let reads = 0;
  const get = server.store.get.bind(server.store);
  server.store.get = (key) => {
    reads++;
    return get(key);
  };
  const madeUp = (kid: string) => new SignJWT({}).setProtectedHeader({ alg: "HS256", kid }).sign(new Uint8Array(32));
  for (let count = 0; count < 20; count++) await refused(server.tokens, await madeUp(`k${count}`), "made up");
  assertEquals(reads, 1);
  server.clock.now += 1000;
  for (let count = 0; count < 20; count++) await refused(server.tokens, await madeUp(`k${count}`), "made up");
  assertEquals(reads, 2);
});

Deno.test("without the store, a token of a new key isn't refused as invalid", async () => {
  await using server = await opened();
  const other = await server.open();
  server.clock.now += 31 * DAY;
  await server.tokens.sign(subject);
  server.clock.now += 2000;
  const { token } = await server.tokens.sign(subject);
  const get = server.store.get;
  server.store.get = () => Promise.reject(new ChatError("store_unavailable"));
  for (let count = 0; count < 2; count++) {
    assertEquals((await assertRejects(() => other.verify(token), ChatError)).code, "store_unavailable");
  }
  server.store.get = get;
  server.clock.now += 1000;
  assertEquals((await other.verify(token)).session, "s-1");
});
