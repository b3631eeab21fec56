import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "@/lib/errors.ts";
import { LIMITS } from "@/lib/config.ts";
import { RateLimiter } from "@/lib/chat/rate_limiter.ts";
import { appCodec } from "@/lib/protocols/app/codec.ts";
import { roomCodec } from "@/lib/protocols/room/codec.ts";
import { problem } from "@/lib/http/problem.ts";

const START = Date.UTC(2026, 0, 1);
const table = { post: { perSecond: 10, burst: 3 }, create: { perSecond: 0.5, burst: 1 } };

function takes(limits: RateLimiter<"post" | "create">, count: number, now: number, key = "alice"): number {
  let taken = 0;
  for (let index = 0; index < count; index++) {
    try {
      limits.take("post", key, now);
      taken++;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }
  return taken;
}

Deno.test("a burst is allowed, then the rate", () => {
  const limits = new RateLimiter(table);
  assertEquals(takes(limits, 10, START), 3);
  assertEquals(takes(limits, 10, START + 99), 0);
  assertEquals(takes(limits, 10, START + 100), 1);
  assertEquals(takes(limits, 10, START + 300), 2);
  for (let other = 0; other < 10; other++) limits.take("post", `other ${other}`, START + 300);
  assertEquals(takes(limits, 10, START + 60_000), 3, "never more than the burst, however long nothing was done");
});

Deno.test("a refusal says when to try again, and then it works", () => {
  const limits = new RateLimiter({ post: { perSecond: 3, burst: 7 }, create: { perSecond: 0.5, burst: 1 } });
  assertEquals(takes(limits, 10, START), 7);
  const soon = assertThrows(() => limits.take("post", "alice", START + 100), ChatError);
  assertEquals([soon.code, soon.retryAfter], ["rate_limited", 0.234]);
  assertEquals(soon.message, "You're going too fast. Try again in 1 second.");
  limits.take("post", "alice", START + 334);
  limits.take("create", "alice", START);
  const later = assertThrows(() => limits.take("create", "alice", START), ChatError);
  assertEquals([later.retryAfter, later.message], [2, "You're going too fast. Try again in 2 seconds."]);
  limits.take("create", "alice", START + 2000);
});

Deno.test("each person and each kind has a bucket of its own", () => {
  const limits = new RateLimiter(table);
  assertEquals(takes(limits, 10, START, "alice"), 3);
  assertEquals(takes(limits, 10, START, "bob"), 3);
  limits.take("create", "alice", START);
});

Deno.test("a clock that's set back doesn't lock anyone out", () => {
  const limits = new RateLimiter(table);
  takes(limits, 10, START);
  const error = assertThrows(() => limits.take("post", "alice", START - 3_600_000), ChatError);
  assertEquals(error.retryAfter, 0.1);
});

Deno.test("of a million people who came once, only the last ones are kept", () => {
  const limits = new RateLimiter(table);
  let most = 0;
  for (let person = 0; person < 1_000_000; person++) {
    limits.take("post", `person ${person}`, START + person / 10);
    most = Math.max(most, limits.size);
  }
  // 10,000 come a second, and a bucket is full again after 0.1 s.
  assert(most < 5_000, `${most} were remembered`);
});

Deno.test("the server's own limits let a lively person type, and stop a flood", () => {
  const limits = new RateLimiter(LIMITS);
  for (let index = 0; index < 40; index++) limits.take("post", "alice", START);
  assertThrows(() => limits.take("post", "alice", START), ChatError);
});

Deno.test("the time to wait is in the answer: a header and a field, and a field of the sockets' error frames", async () => {
  const error = new ChatError("rate_limited", "Slow down.", { retryAfter: 0.234 });
  const response = problem(error);
  assertEquals([response.status, response.headers.get("retry-after")], [429, "1"]);
  assertEquals(await response.json(), {
    type: "about:blank",
    title: "Too many requests",
    status: 429,
    detail: "Slow down.",
    code: "rate_limited",
    retry_after: 0.234,
  });
  assertEquals(problem(new ChatError("rate_limited", "", { retryAfter: 2.1 })).headers.get("retry-after"), "3");
  assertEquals(problem(new ChatError("forbidden")).headers.has("retry-after"), false);
  assertEquals(JSON.parse(appCodec.error(error, "n-1")), {
    type: "error",
    code: "rate_limited",
    detail: "Slow down.",
    nonce: "n-1",
    retry_after: 0.234,
  });
  assertEquals(JSON.parse(roomCodec.error(error, undefined)), {
    type: "error",
    content: "Slow down.",
    code: "rate_limited",
    retry_after: 0.234,
  });
});
