import { assertEquals, assertThrows } from "@std/assert";
import { LIMITS, readConfig } from "@/lib/config.ts";

Deno.test("without settings the server is at 127.0.0.1:8000 and keeps its data in ./data", () => {
  assertEquals(readConfig({}), {
    port: 8000,
    host: "127.0.0.1",
    dataDir: "./data",
    store: "./data/hubbub.sqlite",
    workers: Math.min(navigator.hardwareConcurrency, 8),
    workersAtStart: 1,
    guests: "full",
    limits: LIMITS,
    accessTokenTtl: 3600,
    sessionTtl: 2592000,
    corsOrigins: [],
    trustedProxies: [],
    publicUrl: undefined,
    admins: [],
    metricsToken: undefined,
    trace: false,
    demo: false,
  });
});

Deno.test("the store is a file, a denokv server, or Deno Deploy's own", () => {
  assertEquals(readConfig({ DATA_DIR: "/srv/chat" }).store, "/srv/chat/hubbub.sqlite");
  assertEquals(readConfig({ KV_URL: "http://127.0.0.1:4512" }).store, "http://127.0.0.1:4512");
  assertEquals(readConfig({ DENO_DEPLOYMENT_ID: "d1" }).store, undefined);
});

Deno.test("a wrong setting stops the start with a sentence that names it", () => {
  assertThrows(() => readConfig({ PORT: "eighty" }), Error, 'PORT is "eighty"');
  assertThrows(() => readConfig({ PORT: "70000" }), Error, "PORT");
  assertThrows(() => readConfig({ GUESTS: "some" }), Error, 'GUESTS is "some"');
  assertThrows(() => readConfig({ KV_URL: "sqlite" }), Error, "KV_URL");
  assertThrows(() => readConfig({ LOG: "xml" }), Error, 'LOG is "xml"');
  assertThrows(() => readConfig({ METRICS_TOKEN: "short" }), Error, "at least 16 characters");
});

Deno.test("an empty setting counts as absent, and other variables are ignored", () => {
  assertEquals(readConfig({ PORT: "", HOSTNAME: "container-1", HOST: "" }).host, "127.0.0.1");
});

Deno.test("rate limits are on, except for load tests", () => {
  assertEquals(readConfig({ RATE_LIMIT: "on" }).limits, LIMITS);
  assertEquals(readConfig({ RATE_LIMIT: "off" }).limits, null);
  assertThrows(() => readConfig({ RATE_LIMIT: "no" }), Error, 'RATE_LIMIT is "no"');
});

Deno.test("tokens and sessions last for seconds, at least one", () => {
  const { accessTokenTtl, sessionTtl } = readConfig({ ACCESS_TOKEN_TTL: "60", SESSION_TTL: "600" });
  assertEquals([accessTokenTtl, sessionTtl], [60, 600]);
  assertThrows(() => readConfig({ ACCESS_TOKEN_TTL: "0" }), Error, 'ACCESS_TOKEN_TTL is "0"');
  assertThrows(() => readConfig({ SESSION_TTL: "1h" }), Error, 'SESSION_TTL is "1h"');
});

Deno.test("lists are separated by commas: sites with cookies, trusted proxies, admins", () => {
  const { corsOrigins, trustedProxies, admins } = readConfig({
    CORS_ORIGINS: "https://a.example, http://B.example:8080/",
    TRUSTED_PROXIES: "10.0.0.0/8,::1, fd00::/8 ,192.0.2.7,",
    ADMIN_USERS: "alice, Bob Miller",
  });
  assertEquals(corsOrigins, ["https://a.example", "http://b.example:8080"]);
  assertEquals(trustedProxies, ["10.0.0.0/8", "::1", "fd00::/8", "192.0.2.7"]);
  assertEquals(admins, ["alice", "Bob Miller"]);
  for (
    const wrong of ["https://a.example/chat", "a.example", "*", "null", "ftp://a.example", "https://u:p@a.example"]
  ) {
    assertThrows(() => readConfig({ CORS_ORIGINS: `https://ok.example,${wrong}` }), Error, "CORS_ORIGINS is");
  }
  for (const wrong of ["10.0.0", "10.0.0.0/33", "proxy.example", "fd00::/129"]) {
    assertThrows(() => readConfig({ TRUSTED_PROXIES: `10.0.0.1,${wrong}` }), Error, `"${wrong}" is neither`);
  }
});

Deno.test("the public address has no path", () => {
  assertEquals(readConfig({ PUBLIC_URL: "https://chat.example" }).publicUrl, "https://chat.example");
  assertThrows(() => readConfig({ PUBLIC_URL: "https://chat.example/hubbub" }), Error, "PUBLIC_URL is");
  assertThrows(() => readConfig({ PUBLIC_URL: "chat.example" }), Error, "PUBLIC_URL is");
});

Deno.test("the demo, whose passwords everyone knows, doesn't start in production", () => {
  assertEquals(readConfig({ DEMO: "1" }).demo, true);
  assertEquals(readConfig({ PRODUCTION: "1" }).demo, false);
  const error = assertThrows(() => readConfig({ DEMO: "1", PRODUCTION: "1" }), Error, "PRODUCTION=1");
  assertEquals(error.message.includes('DEMO is "1"'), true);
  assertThrows(() => readConfig({ DEMO: "yes" }), Error, 'DEMO is "yes"');
  assertThrows(() => readConfig({ PRODUCTION: "true" }), Error, 'PRODUCTION is "true"');
});
