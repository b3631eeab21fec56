import { assert, assertEquals, assertGreater, assertLess, assertMatch, assertNotEquals } from "@std/assert";
import { z } from "zod";
import { LIMITS } from "@/lib/config.ts";
import { guestCookie, pages } from "@/tests/http/requests.ts";
import { HASH_COST } from "@/lib/chat/passwords.ts";
import { TIMED } from "@/tests/limits.ts";
import { serve, type TestServer } from "@/tests/server.ts";
import { asAccount, changeAccount } from "@/tests/people.ts";

const PASSWORD = "a very long walk";
const FOREIGN = "https://elsewhere.example";

/** An answer of `/api/auth`, read to its end. */
async function post(server: TestServer, path: string, init: RequestInit & { json?: unknown } = {}) {
  const response = await server.fetch(`/api/auth${path}`, { method: "POST", ...init });
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** What a browser sends after an answer. */
function cookieOf({ headers }: { headers: Headers }): { cookie: string } {
  const set = headers.getSetCookie().find((cookie) => cookie.startsWith("hubbub_session="));
  return { cookie: set?.split(";")[0] ?? "" };
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** 200 for headers that speak for an account, 401 for those that do not (any more). */
async function known(server: TestServer, headers: HeadersInit): Promise<number> {
  const { status, body } = await server.fetch("/api/auth/users", { headers });
  await body?.cancel();
  return status;
}

Deno.test("an account registers, signs in, refreshes its token and signs out", async (t) => {
  await using server = await serve();
  const json = { username: "Alice", password: PASSWORD, email: "alice@example.org" };
  const made = await post(server, "/register", { json, headers: await guestCookie(server, "Al") });

  await t.step("registering signs in, by a token and by a cookie that scripts can't read", async () => {
    const { id, created_at, access_token, ...rest } = made.body;
    assertEquals([made.status, rest], [201, {
      username: "Alice",
      email: "alice@example.org",
      token_type: "bearer",
    }]);
    assertMatch(id, /^[0-9a-f]{24}$/);
    assertMatch(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const cookies = made.headers.getSetCookie().join("\n");
    assertMatch(cookies, /^hubbub_session=[^;]+;.*HttpOnly.*SameSite=Lax/m);
    assertMatch(cookies, /^hubbub_guest=;/m, "the guest is somebody now");
    assertEquals(made.headers.get("cache-control"), "no-store");
    assertEquals(await known(server, cookieOf(made)), 200);
    assertEquals(await known(server, bearer(access_token)), 200);
  });
  await t.step("a name is taken once, however it is written", async () => {
    for (const username of ["Alice", "ALICE", " alice ", "Ａlice"]) {
      const { status, body } = await post(server, "/register", { json: { ...json, username } });
      assertEquals([status, body.code], [409, "name_taken"]);
    }
  });
  await t.step("JSON or a form signs in, with or without a slash at the end", async () => {
    const body = new URLSearchParams({ username: "alice", password: PASSWORD });
    for (const answer of [await post(server, "/login", { json }), await post(server, "/login/", { body })]) {
      const { access_token, ...rest } = answer.body;
      assertEquals([answer.status, rest], [200, {
        token_type: "bearer",
        expires_in: 3600,
        user: { id: made.body.id, username: "Alice" },
      }]);
      assertEquals(await known(server, bearer(access_token)), 200);
      assertEquals(await known(server, cookieOf(answer)), 200);
      assertNotEquals(cookieOf(answer), cookieOf(made));
    }
  });
  await t.step("a session, or a token that is still good, gets another token", async () => {
    for (const headers of [cookieOf(made), bearer(made.body.access_token)]) {
      const { status, body: { access_token, ...rest } } = await post(server, "/refresh", { headers });
      assertEquals([status, rest], [200, { token_type: "bearer", expires_in: 3600 }]);
      assertEquals(await known(server, bearer(access_token)), 200);
    }
  });
  await t.step("signing out ends the session with its tokens, and no other session", async () => {
    const { secret } = await server.chat.sessions.open({ id: made.body.id, generation: 0 }, "elsewhere");
    const out = await post(server, "/logout", { headers: cookieOf(made) });
    assertEquals([out.status, out.body], [204, undefined]);
    assertMatch(out.headers.getSetCookie().join("\n"), /^hubbub_session=;.*Expires=Thu, 01 Jan 1970/m);
    assertEquals(await known(server, cookieOf(made)), 401);
    assertEquals(await known(server, bearer(made.body.access_token)), 401);
    assertEquals((await post(server, "/refresh", { headers: cookieOf(made) })).status, 401);
    assertEquals(await known(server, { cookie: `hubbub_session=${secret}` }), 200);
  });
  await t.step("after signing out, signing out again and signing in work", async () => {
    for (const headers of [{}, cookieOf(made), bearer(made.body.access_token), bearer("x")]) {
      assertEquals((await post(server, "/logout", { headers })).status, 204);
    }
    assertEquals((await post(server, "/login", { json, headers: cookieOf(made) })).status, 200);
  });
  await t.step("signing in to a disabled account says that it's disabled", async () => {
    await changeAccount(server.chat.store, made.body.id, { disabled: true });
    const { status, body } = await post(server, "/login", { json });
    assertEquals([status, body.code], [403, "forbidden"]);
  });
});

Deno.test("invalid fields are refused by name", async (t) => {
  await using server = await serve();
  const good = { username: "Alice", password: PASSWORD };
  const wrong: [string, Record<string, unknown>][] = [
    ["username", { username: "" }],
    ["username", { username: "x".repeat(21) }],
    ["username", { username: "<b>" }],
    ["username", { username: 5 }],
    ["password", { password: "short" }],
    ["password", { password: "password123" }],
    ["password", { password: "x".repeat(257) }],
    ["password", { password: null }],
    ["email", { email: "nobody" }],
    ["email", { email: 5 }],
  ];
  for (const [field, change] of wrong) {
    await t.step(JSON.stringify(change).slice(0, 40), async () => {
      const { status, body } = await post(server, "/register", { json: { ...good, ...change } });
      assertEquals([status, body.errors.map(({ path }: { path: string[] }) => path)], [422, [[field]]]);
    });
  }
  await t.step("all of them at once, and neither a list nor nothing is an account", async () => {
    const { body } = await post(server, "/register", { json: { username: "", password: "", email: "x" } });
    assertEquals(body.errors.map(({ path }: { path: string[] }) => path[0]).sort(), ["email", "password", "username"]);
    for (const body of ["[]", "", "{", "username=Alice&password=a+very+long+walk"]) {
      assertEquals((await post(server, "/register", { body })).status, 422);
    }
    assertEquals((await post(server, "/login", { json: { username: "Alice" } })).status, 422);
  });
  await t.step("an e-mail address need not be given", async () => {
    const { status, body } = await post(server, "/register", { json: { ...good, email: "" } });
    assertEquals([status, body.email], [201, null]);
  });
});

Deno.test("a wrong password and an unknown name look the same, and take the same time", TIMED, async () => {
  using stack = new DisposableStack();
  const { N } = HASH_COST;
  stack.defer(() => HASH_COST.N = N);
  HASH_COST.N = 2 ** 15;
  await using server = await serve();
  await server.chat.accounts.register({ name: "Alice", password: PASSWORD });
  const times = new Map<string, number[]>(), answers = new Set<string>();
  for (let round = 0; round < 3; round++) {
    for (const username of ["Alice", "Nobody", "no <name> at all"]) {
      const started = performance.now();
      const { status, body, headers } = await post(server, "/login", { json: { username, password: "a short walk" } });
      times.set(username, [...times.get(username) ?? [], performance.now() - started]);
      answers.add(JSON.stringify([status, headers.get("www-authenticate"), body]));
    }
  }
  assertEquals([...answers].map((answer) => JSON.parse(answer).slice(0, 2)), [[401, "Bearer"]]);
  const [wrong, unknown, impossible] = [...times.values()].map((three) => three.sort((a, b) => a - b)[1]!);
  for (const other of [unknown!, impossible!]) {
    assertLess(Math.max(wrong!, other) / Math.min(wrong!, other), 3, `${wrong} ms and ${other} ms`);
  }
});

Deno.test("after ten wrong passwords even the right one has to wait, and others don't", async () => {
  await using server = await serve({
    limits: { ...LIMITS, register: { perSecond: 0.001, burst: 1 } },
    trustedProxies: ["127.0.0.1"],
  });
  const from = (address: string) => ({ "x-forwarded-for": address });
  const json = { username: "Alice", password: PASSWORD };
  assertEquals((await post(server, "/register", { json, headers: from("192.0.2.1") })).status, 201);
  const again = await post(server, "/register", { json: { ...json, username: "Bob" }, headers: from("192.0.2.1") });
  assertEquals([again.status, again.body.code], [429, "rate_limited"]);

  const guess = (guessed: string, address = "192.0.2.1", username = "alice") =>
    post(server, "/login", { json: { username, password: guessed }, headers: from(address) });
  const guesses = await Promise.all(Array.from({ length: 10 }, (_, number) => guess(`guess number ${number}`)));
  assertEquals(guesses.map(({ status }) => status), Array(10).fill(401));
  const late = await guess(PASSWORD);
  assertEquals([late.status, late.body.code], [429, "rate_limited"]);
  const wait = Number(late.headers.get("retry-after"));
  assertGreater(wait, 0);
  assertLess(wait, 181);
  const [elsewhere, other] = await Promise.all([guess(PASSWORD, "192.0.2.2"), guess("x", "192.0.2.1", "Bob")]);
  assertEquals([elsewhere.status, other.status], [200, 401]);
});

Deno.test("a program that signs in many times at once isn't taken for a guesser", async () => {
  await using server = await serve({ limits: LIMITS });
  const json = { username: "Alice", password: PASSWORD };
  await post(server, "/register", { json });
  const answers = await Promise.all(Array.from({ length: 11 }, () => post(server, "/login", { json })));
  assertEquals(answers.map(({ status }) => status), Array(11).fill(200));
});

Deno.test("only sessions and their access tokens are refreshed", async () => {
  await using server = await serve();
  const alice = await server.person("Alice");
  const scoped = await server.chat.sessions.createToken(asAccount(alice), { label: "a bot", scopes: ["read"] });
  const whole = await server.chat.sessions.createToken(asAccount(alice), { label: "a bot", scopes: null });
  const { token: guest } = server.chat.guests.issue("Gus");
  const refresh = async (headers: HeadersInit) => (await post(server, "/refresh", { headers })).status;
  assertEquals(await refresh(alice.headers), 200);
  assertEquals(await refresh(bearer(scoped.secret)), 403);
  assertEquals(await refresh(bearer(whole.secret)), 403);
  assertEquals(await refresh(bearer(guest)), 401);
  assertEquals(await refresh({ cookie: `hubbub_guest=${guest}` }), 401);
  assertEquals(await refresh({}), 401);
  assertEquals(await refresh(bearer("x")), 401);
});

Deno.test("several requests that sign out at once all do", async () => {
  await using server = await serve();
  const { headers } = await server.person("Alice");
  const out = await Promise.all(Array.from({ length: 5 }, () => post(server, "/logout", { headers })));
  assertEquals(out.map(({ status }) => status), Array(5).fill(204));
});

Deno.test("a page of another site gets tokens, but no cookie, and nothing by the visitor's own", async (t) => {
  await using server = await serve({ corsOrigins: ["https://app.example"] });
  const json = { username: "Alice", password: PASSWORD };
  const headers = { origin: FOREIGN };
  await t.step("registering and signing in", async () => {
    for (const [path, status] of [["/register", 201], ["/login", 200]] as const) {
      const answer = await post(server, path, { json, headers });
      assertEquals([answer.status, answer.headers.getSetCookie()], [status, []]);
      assertEquals(answer.headers.get("access-control-allow-origin"), "*");
      assertEquals(await known(server, { ...bearer(answer.body.access_token), ...headers }), 200);
    }
  });
  const bob = await server.person("Bob");
  await t.step("a session's cookie neither signs it in nor is cleared by it", async () => {
    assertEquals((await post(server, "/refresh", { headers: { ...bob.cookie, ...headers } })).status, 401);
    const out = await post(server, "/logout", { headers: { ...bob.cookie, ...headers } });
    assertEquals([out.status, out.headers.getSetCookie()], [204, []]);
    assertEquals(await known(server, bob.cookie), 200);
  });
  await t.step("a site that is listed has cookies like our own pages", async () => {
    const headers = { origin: "https://app.example" };
    const answer = await post(server, "/login", { json, headers });
    assert(cookieOf(answer).cookie);
    assertEquals(answer.headers.get("access-control-allow-credentials"), "true");
    assertEquals((await post(server, "/refresh", { headers: { ...bob.cookie, ...headers } })).status, 200);
    assertEquals((await post(server, "/logout", { headers: { ...bob.cookie, ...headers } })).status, 204);
    assertEquals(await known(server, bob.cookie), 401);
  });
});

Deno.test("accounts list all accounts and who's online", async (t) => {
  await using server = await serve();
  // Ids of one millisecond come in any order.
  const id = (place: number) => `${place}`.padStart(24, "0");
  const profile = { about: "I grow tea.", email: "alice@example.org", avatar: "f1" };
  const alice = await server.person("Alice", { id: id(1), ...profile });
  const bob = await server.person("Bob", { id: id(2) });
  await server.person("Mallory", { id: id(3), disabled: true });
  for (const [place, name] of ["Carol", "Dave", "Erin"].entries()) await server.person(name, { id: id(4 + place) });
  await t.step("not guests", async () => {
    const { token } = server.chat.guests.issue("Gus");
    assertEquals([await known(server, {}), await known(server, bearer(token))], [401, 401]);
  });
  await t.step("their public fields, oldest first", async () => {
    await server.socket(`/ws/chat/1?token=${bob.token}`).until("connected");
    const people = await (await server.fetch("/api/auth/users/", { headers: alice.headers })).json();
    const { created_at, ...first } = people[0];
    assertEquals(first, {
      id: alice.id,
      username: "Alice",
      about: "I grow tea.",
      avatar_url: "/files/f1",
      online: false,
    });
    assertMatch(created_at, /Z$/);
    assertEquals([people[1].username, people[1].online, people[1].avatar_url], ["Bob", true, null]);
    const names = people.map(({ username }: { username: string }) => username);
    assertEquals(names, ["Alice", "Bob", "Carol", "Dave", "Erin"], "who is disabled is not there");
  });
  await t.step("page by page, each once", async () => {
    const read: TestServer = { ...server, fetch: (path) => server.fetch(path, { headers: alice.headers }) };
    const found = await pages(read, "/api/auth/users?limit=2", "next");
    assertEquals(
      found.map((page) => z.array(z.object({ username: z.string() })).parse(page).map(({ username }) => username)),
      [["Alice", "Bob"], ["Carol"], ["Dave", "Erin"]],
    );
  });
  await t.step("a limit or a cursor that is none is refused", async () => {
    for (const query of ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=1"]) {
      const { status, body } = await server.fetch(`/api/auth/users?${query}`, { headers: alice.headers });
      await body?.cancel();
      assertEquals(status, 422, query);
    }
  });
});
