import { assertEquals } from "@std/assert";
import { sessionId, TOKEN_PREFIX } from "@/lib/chat/sessions.ts";
import type { Session } from "@/lib/model/account.ts";
import { type Mutation, put } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const SESSIONS = 1_000, PASSWORD = "several quiet words";

interface Busy {
  readonly id: string;
  readonly headers: { readonly authorization: string };
  /** Cookies and tokens of the other sessions. */
  readonly others: readonly HeadersInit[];
}

/** An account with many more sessions than it can open, half of them tokens. */
async function busyAccount(server: TestServer): Promise<Busy> {
  const json = { username: "Busy", password: PASSWORD };
  const registered = await (await server.fetch("/api/auth/register", { method: "POST", json })).json();
  const account: string = registered.id, now = Date.now(), others: HeadersInit[] = [];
  const base = { account, label: "a test", scopes: null, createdAt: now, seenAt: now, expiresAt: null, generation: 0 };
  for (let from = 0; from < SESSIONS; from += 200) {
    const mutations: Mutation[] = [];
    for (let number = from; number < from + 200; number++) {
      const isToken = number % 2 === 0, secret = `${isToken ? TOKEN_PREFIX : ""}${number}`, id = sessionId(secret);
      const session: Session = { ...base, id, kind: isToken ? "token" : "browser" };
      mutations.push(put(keys.session(id), session), put(keys.sessionOf(account, id), true));
      others.push(isToken ? { authorization: `Bearer ${secret}` } : { cookie: `hubbub_session=${secret}` });
    }
    await server.chat.store.commit([], mutations);
  }
  return { id: account, headers: { authorization: `Bearer ${registered.access_token}` }, others };
}

async function status(server: TestServer, path: string, init: RequestInit & { json?: unknown }): Promise<number> {
  const response = await server.fetch(path, init);
  await response.body?.cancel();
  return response.status;
}

Deno.test(`an account with ${SESSIONS} sessions ends them all with one request`, async (t) => {
  const ways: readonly [way: string, request: (busy: Busy) => [path: string, init: object], expected: number][] = [
    ["changing the password", ({ headers }) => ["/api/chat/me/password", {
      method: "POST",
      json: { old_password: PASSWORD, password: "other quiet words" },
      headers,
    }], 204],
    ["ending the other sessions", ({ headers }) => ["/api/chat/me/sessions", { method: "DELETE", headers }], 204],
    ["deleting the account", ({ headers }) => ["/api/chat/me", {
      method: "DELETE",
      json: { password: PASSWORD },
      headers,
    }], 204],
    [
      "being disabled by an admin",
      ({ id }) => [`/api/chat/people/${id}`, { method: "PATCH", json: { disabled: true } }],
      200,
    ],
  ];
  for (const [way, request, expected] of ways) {
    await t.step(way, async () => {
      await using server = await serve({ admins: ["Root"] });
      const root = await server.person("Root"), busy = await busyAccount(server);
      const sample = [0, 1, SESSIONS / 2, SESSIONS - 2, SESSIONS - 1].map((index) => busy.others[index]!);
      const all = () => Promise.all(sample.map((headers) => status(server, "/api/chat/me", { headers })));
      assertEquals(await all(), sample.map(() => 200));
      const [path, init] = request(busy);
      assertEquals(await status(server, path, { headers: root.headers, ...init }), expected);
      assertEquals(await all(), sample.map(() => 401));
    });
  }
});

Deno.test("a program that signs in again and again has one session", async () => {
  await using server = await serve();
  const json = { username: "Bot", password: PASSWORD }, headers = { "user-agent": "hourly/1.0" };
  await server.fetch("/users/", { method: "POST", json }).then((response) => response.body?.cancel());
  let token = "";
  for (let count = 0; count < 50; count++) {
    token = (await (await server.fetch("/token", { method: "POST", json, headers })).json()).access_token;
  }
  const sessions = await server.fetch("/api/chat/me/sessions", { headers: { authorization: `Bearer ${token}` } });
  assertEquals((await sessions.json()).length, 1);
});

Deno.test("an account with 2,000 mentions in a room can read and mark it", async (t) => {
  await using server = await serve();
  const mia = await server.person("Mia"), sam = await server.person("Sam");
  const room = 1, address = "192.0.2.1";
  const principal = await server.chat.sessions.resolve(sessionId(sam.secret));
  const actor = principal?.identity ?? null;
  for (let from = 0; from < 2_000; from += 250) {
    await Promise.all(
      Array.from(
        { length: 250 },
        () => server.chat.gate.execute("post", { actor, address }, { room, content: "@Mia" }),
      ),
    );
  }
  const head = await server.chat.log.head(room);
  const json = { seq: (head?.seq ?? 0) - 1 };
  const requests: readonly [path: string, init?: object][] = [
    ["/api/chat/me/unread"],
    ["/"],
    ["/api/chat/rooms/1/read", { method: "PUT", json }],
    ["/rooms/1"],
    ["/api/chat/me/unread"],
  ];
  for (const [path, init] of requests) {
    await t.step(path, async () => {
      const code = await status(server, path, { headers: mia.cookie, ...init });
      assertEquals(code, init ? 204 : 200);
    });
  }
});
