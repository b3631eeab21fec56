import { assert, assertEquals, assertMatch } from "@std/assert";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import { sessionId } from "@/lib/chat/sessions.ts";
import { serve, type TestServer } from "@/tests/server.ts";
import { endSessions } from "@/tests/people.ts";

const HOUR = 3_600_000;
const SITE = "https://app.example";

async function whoAmI(server: TestServer, headers: Record<string, string>) {
  const response = await server.fetch("/api/chat/me", { headers });
  const { username } = await response.json();
  return { status: response.status, username, headers: response.headers };
}

async function register(server: TestServer, headers: Record<string, string> = {}): Promise<string[]> {
  const json = { username: "Mia", password: "correct horse battery" };
  const response = await server.fetch("/api/auth/register", { method: "POST", json, headers });
  assertEquals(response.status, 201);
  await response.body?.cancel();
  return response.headers.getSetCookie().filter((cookie) => cookie.includes("session"));
}

Deno.test("a session's cookie is for this host alone where people come by HTTPS, and out of reach of scripts", async (t) => {
  await t.step("behind a proxy that ends TLS", async () => {
    await using server = await serve({ trustedProxies: ["127.0.0.1"] });
    const [cookie = ""] = await register(server, { "x-forwarded-proto": "https" });
    assertMatch(cookie, /^__Host-hubbub_session=[\w-]{43};/);
    for (const part of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=2592000"]) {
      assert(cookie.includes(part));
    }
    assert(!cookie.includes("Domain"));
    const name = cookie.split(";")[0]!;
    assertEquals((await whoAmI(server, { cookie: name, "x-forwarded-proto": "https" })).username, "Mia");
  });
  await t.step("by plain HTTP it has another name", async () => {
    await using server = await serve();
    assertMatch(
      (await register(server))[0] ?? "",
      /^hubbub_session=[\w-]{43}; HttpOnly; Max-Age=2592000; SameSite=Lax/,
    );
  });
});

Deno.test("a session lasts as long as it is used, and ends 30 days after that", async () => {
  await using server = await serve();
  const mia = await server.person("Mia"), key = keys.session(sessionId(mia.secret));
  const { value: session } = await server.chat.store.get(key);
  assert(session?.expiresAt);
  const lastUse = session.seenAt - 2 * HOUR;
  await server.chat.store.commit([], [
    put(key, { ...session, seenAt: lastUse, expiresAt: session.expiresAt - 2 * HOUR }),
  ]);
  const { headers } = await whoAmI(server, mia.cookie);
  assertMatch(headers.getSetCookie()[0] ?? "", /Max-Age=2592000/, "the browser keeps it longer, too");
  const { value: renewed } = await server.chat.store.get(key);
  assert(renewed?.expiresAt && renewed.expiresAt >= session.expiresAt);
  assertEquals((await whoAmI(server, mia.cookie)).headers.getSetCookie(), [], "once an hour is enough");
  await server.chat.store.commit([], [put(key, { ...session, expiresAt: Date.now() - 1 })]);
  assertEquals((await whoAmI(server, mia.cookie)).status, 401);
});

Deno.test("only the hash of a session's secret is stored", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  const stored: unknown[] = [];
  for await (const row of server.chat.store.list(keys.session.under())) stored.push(row);
  assertEquals(stored.length, 1);
  assert(!JSON.stringify(stored).includes(mia.secret));
});

Deno.test("a session that comes from a page of another site counts as absent", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  assertEquals((await whoAmI(server, mia.cookie)).username, "Mia");
  assertEquals((await whoAmI(server, { ...mia.cookie, origin: SITE })).status, 401);
  const posted = await server.fetch("/api/chat/rooms", {
    method: "POST",
    json: { name: "x", kind: "private" },
    headers: { ...mia.cookie, origin: SITE },
  });
  await posted.body?.cancel();
  assertEquals(posted.status, 401);
  const socket = server.socket("/ws/chat/1", { headers: { ...mia.cookie, origin: SITE } });
  await socket.send({ username: "Gus" });
  assertEquals((await socket.until("connected")).username, "Gus");
  assertEquals(
    (await whoAmI(server, { ...mia.headers, origin: SITE })).username,
    "Mia",
    "a token counts from anywhere",
  );
});

Deno.test("listed sites use the API with their visitors' sessions, others without", async (t) => {
  await using server = await serve({ corsOrigins: [SITE] });
  const mia = await server.person("Mia");
  await t.step("a listed one", async () => {
    const { username, headers } = await whoAmI(server, { ...mia.cookie, origin: SITE });
    assertEquals(username, "Mia");
    assertEquals(headers.get("access-control-allow-origin"), SITE);
    assertEquals(headers.get("access-control-allow-credentials"), "true");
  });
  await t.step("another one", async () => {
    const { status, headers } = await whoAmI(server, { ...mia.cookie, origin: "https://elsewhere.example" });
    assertEquals([status, headers.get("access-control-allow-origin")], [401, "*"]);
    assertEquals(headers.get("access-control-allow-credentials"), null);
  });
  await t.step("caches keep them apart", async () => {
    for (const origin of [SITE, "https://elsewhere.example", undefined]) {
      const { headers } = await whoAmI(server, { ...mia.headers, ...(origin ? { origin } : {}) });
      assertMatch(headers.get("vary") ?? "", /Origin/, origin);
    }
  });
});

Deno.test("a link with an invalid token doesn't sign its visitor out", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  for (const path of ["/?token=x", "/login?token=", "/health?token=x"]) {
    const response = await server.fetch(path, { headers: mia.cookie });
    await response.body?.cancel();
    assertEquals([response.status, response.headers.getSetCookie()], [200, []], path);
  }
});

Deno.test("a page that is opened with a session that has ended is a stranger's, and forgets the session", async () => {
  await using server = await serve();
  const mia = await server.person("Mia");
  await endSessions(server.chat.store, mia.id);
  const response = await server.fetch("/", { headers: mia.cookie });
  await response.body?.cancel();
  assertEquals(response.status, 200);
  assert(response.headers.getSetCookie().some((cookie) => cookie.startsWith("hubbub_session=;")));
});
