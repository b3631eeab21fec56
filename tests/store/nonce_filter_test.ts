import { assert } from "@std/assert";
import { nonceHash } from "@/lib/store/log/dedup_index.ts";
import { FILTER_CAPACITY, NonceFilter } from "@/lib/store/log/nonce_filter.ts";
import { alice } from "@/tests/people.ts";

const NONCES: Readonly<Record<string, (index: number) => string>> = {
  "counted": (index) => `n${index}`,
  "random": () => crypto.randomUUID(),
  "times": (index) => `${1_700_000_000_000 + index * 37}`,
};

for (const [kind, nonce] of Object.entries(NONCES)) {
  Deno.test(`a full filter of ${kind} nonces has each of them, and hardly another`, () => {
    const filter = new NonceFilter();
    const hashes = Array.from({ length: FILTER_CAPACITY }, (_, index) => nonceHash(alice, nonce(index)));
    for (const hash of hashes) filter.add(hash);
    assert(hashes.every((hash) => filter.mayHave(hash)));
    const others = Array.from({ length: 100_000 }, (_, index) => nonceHash(alice, nonce(1_000_000 + index)));
    const mistaken = others.filter((hash) => filter.mayHave(hash)).length;
    assert(mistaken < 20, `${mistaken} of ${others.length}`);
  });
}

Deno.test("a filter is as large as a value of the store may be", () => {
  const { byteLength } = new NonceFilter().words;
  assert(byteLength > 60 * 1024 && byteLength < 64 * 1024 - 100);
});
