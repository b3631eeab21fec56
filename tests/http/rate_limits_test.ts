import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "@/lib/config.ts";
import { objectId } from "@/lib/protocols/bearer/views.ts";
import { serve, type TestServer } from "@/tests/server.ts";

/** Asks until it's refused. Returns how often it wasn't, and the refusal. */
async function untilRefused(most: number, ask: () => Promise<Response>): Promise<{ done: number; refused: Response }> {
  for (let done = 0; done <= most; done++) {
    const response = await ask();
    if (response.status === 429) return { done, refused: response };
    await response.body?.cancel();
  }
  throw new Error(`Nothing was refused in ${most} requests`);
}

async function assertSaysWhen(refused: Response): Promise<void> {
  const problem = await refused.json();
  assertEquals(refused.headers.get("content-type"), "application/problem+json");
  assertEquals(problem.code, "rate_limited");
  assert(Number(refused.headers.get("retry-after")) >= 1);
  assert(problem.retry_after > 0);
}

const limited = () =>
  serve({ limits: { ...LIMITS, create: { perSecond: 0.1, burst: 3 }, join: { perSecond: 0.1, burst: 3 } } });

Deno.test("those who post too fast have to wait, and others don't", async () => {
  await using server = await limited();
  const mia = await server.person("Mia"), sam = await server.person("Sam");
  const say = (who: { headers: Record<string, string> }) =>
    server.fetch("/api/chat/rooms/1/messages", { method: "POST", json: { content: "hi" }, headers: who.headers });
  const { done, refused } = await untilRefused(200, () => say(mia));
  assert(done >= LIMITS.post.burst, `${done} went through`);
  await assertSaysWhen(refused);
  const other = await say(sam);
  await other.body?.cancel();
  assertEquals(other.status, 201);
});

Deno.test("a socket that sends too fast gets error frames, stays, and stores no more", async () => {
  await using server = await limited();
  const ada = await server.join("Ada");
  await ada.send(
    ...Array.from({ length: 100 }, (_, index) => ({ type: "message", content: `${index}`, nonce: `n${index}` })),
  );
  let stored = 0, refused = 0;
  while (stored + refused < 100) {
    const frame = await ada.next();
    if (frame.type === "message") stored++;
    if (frame.type !== "error") continue;
    refused++;
    assertEquals(frame.code, "rate_limited");
    assert(typeof frame.retry_after === "number" && typeof frame.nonce === "string");
  }
  assert(stored >= LIMITS.post.burst && refused > 0, `${stored} were stored, ${refused} refused`);
  await ada.send({ type: "ping" });
  await ada.until("pong");
  const history = await (await server.fetch("/api/chat/rooms/1/messages?limit=200")).json();
  assertEquals(history.length, stored);
});

Deno.test("typing counts", async () => {
  await using server = await limited();
  const ada = await server.join("Ada");
  await ada.send(...Array.from({ length: 200 }, (_, index) => ({ type: "typing", is_typing: index % 2 === 0 })));
  assertEquals((await ada.until("error")).code, "rate_limited");
});

/** A method and a path, and a body: JSON for the API, the fields of a form for a page. */
type WayIn = readonly [way: string, body?: Readonly<Record<string, unknown>>];

/** Everything that an account can change. */
const WAYS_IN: readonly WayIn[] = [
  ["POST /api/chat/rooms/1/messages", { content: "hi" }],
  ["POST /rooms/1", { content: "hi" }],
  ["PATCH /api/chat/messages/{message}", { content: "bye" }],
  ["POST /rooms/1/messages/{message}/edit", { content: "bye" }],
  ["DELETE /api/chat/messages/{message}"],
  ["POST /rooms/1/messages/{message}/edit", { delete: "yes" }],
  ["DELETE /chat/messages/{objectId}"],
  ["PUT /api/chat/messages/{message}/reactions/👍"],
  ["DELETE /api/chat/messages/{message}/reactions/👍"],
  ["POST /rooms/1/messages/{message}", { react: "👍" }],
  ["PUT /api/chat/messages/{message}/pin"],
  ["DELETE /api/chat/messages/{message}/pin"],
  ["PUT /api/chat/rooms/1/read", { seq: 0 }],
  ["POST /api/chat/rooms", { name: "General" }],
  ["POST /rooms/new", { name: "General", kind: "public" }],
  ["POST /api/chats", { participants: ["{other}"] }],
  ["POST /people/Other", { do: "message" }],
  ["PATCH /api/chat/rooms/1", { archived: true }],
  ["POST /rooms/1/settings", { name: "other", description: "" }],
  ["DELETE /api/chat/rooms/1"],
  ["POST /rooms/1/settings", { confirm: "general" }],
  ["PUT /api/chat/rooms/1/members/{other}", { role: "moderator" }],
  ["DELETE /api/chat/rooms/1/members/{other}"],
  ["POST /rooms/1/settings/members", { name: "Other", role: "member" }],
  ["PUT /api/chat/rooms/1/members/me", { role: "member" }],
  ["DELETE /api/chat/rooms/1/members/me"],
  ["POST /rooms/1/settings/members", { leave: "yes" }],
  ["POST /api/chat/rooms/1/invites", {}],
  ["POST /rooms/1/settings/invites", { lifetime: "day", uses: "1" }],
  ["DELETE /api/chat/rooms/1/invites/none"],
  ["POST /rooms/1/settings/invites", { revoke: "none" }],
  ["PATCH /api/chat/me", { about: "me" }],
  ["POST /settings", { about: "me" }],
  ["PUT /api/chat/me/avatar", {}],
  ["DELETE /api/chat/me/avatar"],
  ["POST /settings/picture", {}],
  ["POST /api/chat/me/password", { old_password: "wrong", password: "a good new one" }],
  ["POST /settings/password", { old: "wrong", new: "a good new one" }],
  ["POST /api/chat/me/tokens", { label: "a script", scopes: ["read"] }],
  ["POST /settings/tokens", { label: "a script", read: "yes", expiry: "30" }],
  ["POST /settings/tokens", { end: "none" }],
  ["DELETE /api/chat/me/sessions/none"],
  ["DELETE /api/chat/me/sessions"],
  ["POST /settings/sessions", { end: "none" }],
  ["POST /settings/sessions", { end: "others" }],
  ["DELETE /api/chat/me", { password: "wrong" }],
  ["POST /settings/data", { password: "wrong" }],
  ["GET /api/chat/me/export"],
  ["GET /settings/export"],
  ["POST /api/auth/refresh"],
  ["PATCH /api/chat/people/{other}", { disabled: true }],
  ["POST /people/Other", { do: "disable" }],
  ["POST /people/Other", { do: "appoint" }],
];
/** Ways in that count per address. */
const PER_ADDRESS: readonly WayIn[] = [
  ["POST /api/chat/invites/none"],
  ["POST /join/none", {}],
  ["POST /api/auth/register", { username: "Other", password: "a good new one" }],
  ["POST /users/", { username: "Other", password: "a good new one" }],
  ["POST /register", { name: "Other", password: "a good new one" }],
];

const RATE = { perSecond: 0.001, burst: 2 }, FREE = { perSecond: 1_000, burst: 10_000 };

/** Sends what a way in says until it's refused. `names` stand for what is in braces. */
async function assertCounts(server: TestServer, [way, given]: WayIn, names: Readonly<Record<string, string>>) {
  const person = await server.person(`p${++people}`);
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (all, name) => names[name] ?? all);
  const [method, path = ""] = fill(way).split(" "), body = JSON.parse(fill(JSON.stringify(given ?? null)));
  const isForm = !/^\/(api|users)/.test(path);
  const { done, refused } = await untilRefused(RATE.burst, () =>
    server.fetch(path, {
      method,
      redirect: "manual",
      headers: person.cookie,
      ...(body === null ? {} : isForm ? { body: new URLSearchParams(body) } : { json: body }),
    }));
  await refused.body?.cancel();
  assertEquals(done, RATE.burst);
}
let people = 0;

Deno.test("every way to change something counts against a limit", async (t) => {
  const own = { post: RATE, signal: RATE, create: RATE, manage: RATE, upload: RATE };
  await using server = await serve({ limits: { ...LIMITS, ...own, postAddress: FREE } });
  const other = await server.person("Other");
  const json = { content: "mine" };
  const posted = await server.fetch("/api/chat/rooms/1/messages", { method: "POST", json, headers: other.headers });
  const { id } = await posted.json();
  const names = { message: String(id), other: other.id, objectId: objectId(id) };
  for (const way of WAYS_IN) {
    await t.step(way.map((part) => JSON.stringify(part)).join(" "), () => assertCounts(server, way, names));
  }
});

Deno.test("ways in without an account count per address", async (t) => {
  for (const way of PER_ADDRESS) {
    await t.step(way[0], async () => {
      await using server = await serve({ limits: { ...LIMITS, join: RATE, register: RATE } });
      await server.person("Other");
      await assertCounts(server, way, {});
    });
  }
});

Deno.test("subscriptions count", async () => {
  await using server = await serve({ limits: { ...LIMITS, subscribe: RATE } });
  const mia = await server.person("Mia");
  const client = server.socket(`/ws?token=${mia.token}`);
  await client.until("hello");
  await client.send(...Array.from({ length: RATE.burst + 1 }, () => ({ type: "subscribe", room: 1 })));
  assertEquals((await client.until("error")).code, "rate_limited");
});

Deno.test("guests of one address share a limit, whatever they call themselves", async () => {
  await using server = await serve({ limits: { ...LIMITS, post: RATE, postAddress: FREE } });
  let guests = 0;
  const { done } = await untilRefused(100, () => {
    const json = { content: "hi", username: `Guest ${++guests}` };
    return server.fetch("/api/chat/rooms/1/messages", { method: "POST", json });
  });
  assertEquals(done, 10 * RATE.burst);
});

Deno.test("a refusal says when to try again", async () => {
  await using server = await limited();
  const mia = await server.person("Mia");
  let room = 0;
  const { done, refused } = await untilRefused(
    10,
    () => server.fetch("/api/chat/rooms", { method: "POST", json: { name: `room ${++room}` }, headers: mia.headers }),
  );
  assertEquals(done, 3);
  await assertSaysWhen(refused);
});

Deno.test("sockets count per address, and a refusal is a frame and a close code", async () => {
  await using server = await limited();
  for (let count = 0; count < 3; count++) await server.join(`Guest ${count}`);
  const late = server.socket("/ws/chat/1");
  await late.send({ username: "Late" });
  const frame = await late.next();
  assertEquals([frame.type, frame.code], ["error", "rate_limited"]);
  assertEquals((await late.closed).code, 4429);
});

Deno.test("the address that counts is the peer's, unless a trusted proxy names another", async (t) => {
  const join = async (server: TestServer, address: string) => {
    const client = server.socket("/ws/chat/1?username=Ada", { headers: { "x-forwarded-for": address } });
    const first = await client.next();
    client.close();
    return first.type === "connected" ? "in" : first.code;
  };
  const limits = { ...LIMITS, join: { perSecond: 0.1, burst: 1 } };
  await t.step("a header from an untrusted peer is ignored", async () => {
    await using server = await serve({ limits });
    assertEquals([await join(server, "10.0.0.1"), await join(server, "10.0.0.2")], ["in", "rate_limited"]);
  });
  await t.step("a header from a proxy counts", async () => {
    await using server = await serve({ limits, trustedProxies: ["127.0.0.0/8"] });
    assertEquals([await join(server, "10.0.0.1"), await join(server, "10.0.0.2")], ["in", "in"]);
    assertEquals(await join(server, "10.0.0.1"), "rate_limited");
  });
});
