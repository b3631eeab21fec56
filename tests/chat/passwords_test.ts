import { scryptSync } from "node:crypto";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { hashPassword, isOutdated, password, verifyPassword } from "@/lib/chat/passwords.ts";
import { TIMED } from "@/tests/limits.ts";

async function refusal(text: string): Promise<string | undefined> {
  return (await password.safeParseAsync(text)).error?.issues[0]?.message;
}

Deno.test("a password has 8 to 256 characters, however many bytes each of them takes", async () => {
  assertEquals(await refusal("7 chars"), "Use at least 8 characters.");
  assertEquals(await refusal("🦑🐙🦀🦐🦞🐡🐠"), "Use at least 8 characters.");
  assertEquals(await refusal("🦑🐙🦀🦐🦞🐡🐠🐟"), undefined);
  assertEquals(await refusal("é".repeat(256)), undefined);
  assertEquals(await refusal("é".repeat(257)), "Use at most 256 characters.");
});

Deno.test("the passwords that everybody guesses first are refused, in capitals and full-width letters too", async () => {
  for (const text of ["password", "12345678", "baseball", "PassWord", "ｐａｓｓｗｏｒｄ"]) {
    assertEquals(await refusal(text), "That password is too easy to guess. Choose another.");
  }
  assertEquals(await refusal("testpass123"), undefined);
  assertEquals(await refusal("correct horse battery staple"), undefined);
});

Deno.test("a password is known again by its hash, however it was typed, and no other is", async () => {
  const composed = "caf\u00e9 au lait", decomposed = "cafe\u0301 au lait";
  const hash = await hashPassword(composed);
  assertEquals(await Promise.all([composed, decomposed, "cafe au lait"].map((text) => verifyPassword(text, hash))), [
    true,
    true,
    false,
  ]);
});

Deno.test("the same password has another hash each time, made at 128 MiB", async () => {
  const [one, other] = await Promise.all([hashPassword("open sesame"), hashPassword("open sesame")]);
  assertNotEquals(one.salt, other.salt);
  assertNotEquals(one.hash, other.hash);
  const { algorithm, N, r, p, salt, hash } = one;
  assertEquals({ algorithm, N, r, p }, { algorithm: "scrypt", N: 131072, r: 8, p: 1 });
  assertEquals([salt.length, hash.length], [16, 32]);
});

Deno.test("to try an account that there is not takes as long as to try one that there is", TIMED, async () => {
  const time = async (hash: Parameters<typeof verifyPassword>[1]) => {
    const start = performance.now();
    assertEquals(await verifyPassword("guess", hash), false);
    return performance.now() - start;
  };
  const hash = {
    algorithm: "scrypt",
    N: 2 ** 17,
    r: 8,
    p: 1,
    salt: new Uint8Array(16),
    hash: new Uint8Array(32),
  } as const;
  const there = await time(hash), notThere = await time(null);
  assert(notThere > there / 3 && notThere < there * 3, `${there} ms, and ${notThere} ms`);
});

Deno.test("a hash of earlier times is still good, and known to be outdated", async () => {
  const salt = new Uint8Array(16).fill(7);
  const made = new Uint8Array(scryptSync("open sesame", salt, 32, { N: 1024, r: 8, p: 1 }));
  const hash = { algorithm: "scrypt", N: 1024, r: 8, p: 1, salt, hash: made } as const;
  assert(await verifyPassword("open sesame", hash));
  assert(isOutdated(hash));
  assertEquals(isOutdated({ ...hash, N: 2 ** 17 }), false);
});
