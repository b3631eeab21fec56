import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { z } from "zod";
import { messageId } from "@/lib/model/message.ts";
import { everything, guestCookie, linked, pages } from "@/tests/http/requests.ts";
import { serve, type TestServer } from "@/tests/server.ts";

const HISTORY = "/api/chat/rooms/1/messages";

Deno.test("messages sent over REST arrive on sockets, and the other way round", async () => {
  await using server = await serve();
  const bob = await server.join("Bob");
  const posted = await post(server, { content: " Hello! ", username: "Alice" });
  const message = await posted.json();
  assertEquals([posted.status, posted.headers.get("location")], [201, `/api/chat/messages/${message.id}`]);
  assertEquals(await bob.next(), { type: "message", ...message });
  assertEquals([message.id, message.content, message.username], [messageId(1, 1), "Hello!", "Alice"]);
  await bob.send({ type: "message", content: "Hello, Alice" });
  const { type: _, ...heard } = await bob.until("message");
  assertEquals(await (await server.fetch(HISTORY)).json(), [message, heard]);
});

Deno.test("a guest names itself, or has the cookie, else 401", async (t) => {
  await using server = await serve();
  const named = await post(server, { content: "Hello", username: "Alice" });
  const { user_id } = await named.json();
  const [setCookie = ""] = named.headers.getSetCookie();
  const [cookie = ""] = setCookie.split(";");
  await t.step("the cookie is for this site, out of reach of scripts", () => {
    assertMatch(setCookie, /; HttpOnly/i);
    assertMatch(setCookie, /; SameSite=Lax/i);
    assertMatch(setCookie, /; Path=\//i);
  });
  await t.step("nobody", async () => {
    const response = await post(server, { content: "Hello" });
    assertEquals([response.status, response.headers.get("www-authenticate")], [401, "Bearer"]);
    assertEquals((await response.json()).code, "sign_in");
  });
  await t.step("the cookie alone", async () => {
    const response = await post(server, { content: "Hello again" }, { cookie });
    const message = await response.json();
    assertEquals([response.status, message.username, message.user_id], [201, "Alice", user_id]);
  });
  await t.step("another name than the cookie's is another guest, and the cookie stays", async () => {
    const response = await post(server, { content: "Hello", username: "Carol" }, { cookie });
    const message = await response.json();
    assertEquals([message.username, response.headers.getSetCookie()], ["Carol", []]);
    assertNotEquals(message.user_id, user_id);
  });
  await t.step("a broken cookie is none", async () => {
    const forged = `${cookie.slice(0, -3)}AAA`;
    for (
      const sent of [
        forged,
        "hubbub_guest=",
        "hubbub_guest=%zz",
        "hubbub_guest",
        ";;=;,",
        `=${cookie}`,
        `"; ${cookie}x`,
        "\u00ff=1",
      ]
    ) {
      assertEquals((await post(server, { content: "Hello" }, { cookie: sent })).status, 401, sent);
      assertEquals((await server.fetch(HISTORY, { headers: { cookie: sent } })).status, 200, sent);
    }
    assertEquals((await post(server, { content: "Hello" }, { cookie: `;; a; =b; ${cookie}; c` })).status, 201);
  });
  await t.step("an invalid token is always 401, whatever cookie is beside it", async () => {
    for (const authorization of ["Bearer x", "Bearer", "Basic YTpi", `Bearer ${cookie}`]) {
      const response = await server.fetch(HISTORY, { headers: { authorization, cookie } });
      assertEquals([response.status, response.headers.get("access-control-allow-origin")], [401, "*"], authorization);
    }
    assertEquals((await server.fetch(`${HISTORY}?token=x`, { headers: { cookie } })).status, 401);
  });
});

Deno.test("only its author reads a message's nonce", async () => {
  await using server = await serve();
  const [alice, bob] = [await server.person("Alice"), await server.person("Bob")];
  const json = { content: "Hello", nonce: "n" };
  const { id } = await (await server.fetch(HISTORY, { method: "POST", headers: alice.headers, json })).json();
  for (const [headers, expected] of [[alice.headers, "n"], [bob.headers, undefined], [{}, undefined]] as const) {
    const [message] = await (await server.fetch(HISTORY, { headers })).json();
    const one = await (await server.fetch(`/api/chat/messages/${id}`, { headers })).json();
    assertEquals([message.nonce, one.nonce], [expected, expected]);
  }
});

Deno.test("the same nonce again answers 200 with the first message", async (t) => {
  await using server = await serve();
  const first = await (await post(server, { content: "Hello", username: "Alice", nonce: "n" })).json();
  await t.step("in the body, by name", async () => {
    const response = await post(server, { content: "Hello again", username: "ALICE", nonce: "n" });
    assertEquals([response.status, await response.json()], [200, first]);
  });
  await t.step("as Idempotency-Key", async () => {
    const response = await post(server, { content: "Hello again", username: "Alice" }, { "idempotency-key": "n" });
    assertEquals([response.status, await response.json()], [200, first]);
  });
  await t.step("another person's same nonce is another message", async () => {
    assertEquals((await post(server, { content: "Hello", username: "Bob", nonce: "n" })).status, 201);
  });
  await t.step("in another room it is another nonce", async () => {
    await (await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "second" } })).body?.cancel();
    const response = await server.fetch("/api/chat/rooms/second/messages", {
      method: "POST",
      json: { content: "Hello", username: "Alice", nonce: "n" },
    });
    const { id } = await response.json();
    assertEquals([response.status, id], [201, messageId(2, 1)]);
  });
  await t.step("concurrent posts with one nonce are one message", async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => post(server, { content: "Once", username: "Alice", nonce: "m" })),
    );
    const ids = new Set((await Promise.all(responses.map((response) => response.json()))).map(({ id }) => id));
    assertEquals([ids.size, responses.filter(({ status }) => status === 201).length], [1, 1]);
  });
  await t.step("an empty or too long one is refused", async () => {
    for (const nonce of ["", "n".repeat(129)]) {
      assertEquals((await post(server, { content: "Hello", username: "Alice", nonce })).status, 422);
    }
    assertEquals(
      (await post(server, { content: "Hello", username: "Alice" }, { "idempotency-key": "n".repeat(129) })).status,
      422,
    );
  });
  await t.step("once its message is deleted it is 410", async () => {
    const gone = await post(server, { content: "Oh no", username: "Carol", nonce: "g" });
    const cookie = gone.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const path = `/api/chat/messages/${(await gone.json()).id}`;
    assertEquals((await server.fetch(path, { method: "DELETE", headers: { cookie } })).status, 200);
    assertEquals((await post(server, { content: "Oh no", username: "Carol", nonce: "g" })).status, 410);
  });
});

Deno.test("history is read page by page, in both directions, each message once and none that is deleted", async (t) => {
  await using server = await serve();
  const alice = await server.join("Alice");
  for (let number = 1; number <= 120; number++) await alice.send({ type: "message", content: `${number}` });
  await alice.until("message", ({ seq }) => seq === 120);
  for (const seq of [1, 50, 51, 52, 119]) await alice.send({ type: "delete", id: messageId(1, seq) });
  await alice.until("deleted", ({ seq }) => seq === 125);
  const all = Array.from({ length: 120 }, (_, index) => index + 1).filter((seq) => ![1, 50, 51, 52, 119].includes(seq));

  await t.step("the newest 50 without more words", async () => {
    const response = await server.fetch(HISTORY);
    assertEquals(linked(response, "next"), undefined);
    assertEquals(seqs(await response.json()), all.slice(-50));
  });
  await t.step("back from the newest", async () => {
    const back = await pages(server, `${HISTORY}?limit=7`, "prev");
    assertEquals(back.reverse().flatMap(seqs), all);
  });
  await t.step("on from the oldest", async () => {
    const on = await pages(server, `${HISTORY}?limit=7&after=${messageId(1, 1)}`, "next");
    assertEquals(on.flatMap(seqs), all);
  });
  await t.step("around a message, and from there both ways, though it is gone", async () => {
    for (const middle of [60, 51]) {
      const around = await server.fetch(`${HISTORY}?limit=11&around=${messageId(1, middle)}`);
      const page = seqs(await around.json());
      const before = page.filter((seq) => seq < middle);
      assertEquals([page.length, before.length], [11, 5]);
      const back = await pages(server, linked(around, "prev") ?? "", "prev");
      const on = await pages(server, linked(around, "next") ?? "", "next");
      assertEquals([...back.reverse().flatMap(seqs), ...page, ...on.flatMap(seqs)], all);
    }
  });
  await t.step("limits of 1 and 500", async () => {
    assertEquals(seqs(await (await server.fetch(`${HISTORY}?limit=1`)).json()), [120]);
    assertEquals(seqs(await (await server.fetch(`${HISTORY}?limit=1&around=${messageId(1, 60)}`)).json()), [60]);
    const everything = await server.fetch(`${HISTORY}?limit=500`);
    assertEquals([seqs(await everything.json()), everything.headers.get("link")], [all, null]);
  });
  await t.step("a message that this room never had is 404", async () => {
    for (const id of [messageId(1, 9_999), messageId(2, 1)]) {
      for (const name of ["before", "after", "around"]) {
        assertEquals((await server.fetch(`${HISTORY}?${name}=${id}`)).status, 404, `${name}=${id}`);
      }
    }
  });
  const queries = [
    "limit=0",
    "limit=-1",
    "limit=501",
    "limit=x",
    "limit=",
    "before=x",
    "after=-1",
    "around=1",
    "before=99999999999999999999",
    "before=4294967297&after=4294967297",
  ];
  for (const query of queries) {
    await t.step(`422: ${query}`, async () => {
      const response = await server.fetch(`${HISTORY}?${query}`);
      assertEquals([response.status, (await response.json()).code], [422, "invalid"]);
    });
  }
});

Deno.test("a message is read, edited, reacted to, pinned, answered and deleted by its id", async (t) => {
  await using server = await serve();
  const alice = await guestCookie(server, "Alice"), bob = await guestCookie(server, "Bob");
  const id = messageId(1, 1), path = `/api/chat/messages/${id}`;
  const call = async (method: string, at: string, headers: HeadersInit, json?: unknown) => {
    const response = await server.fetch(at, { method, headers, json });
    return { status: response.status, body: await response.json() };
  };
  await t.step("read", async () => {
    const { status, body } = await call("GET", path, {});
    assertEquals([status, body.id, body.edited_at], [200, id, null]);
  });
  await t.step("only its author can edit it", async () => {
    assertEquals((await call("PATCH", path, bob, { content: "Mine now" })).status, 403);
    assertEquals((await call("PATCH", path, {}, { content: "Mine now" })).status, 401);
    assertEquals((await call("PATCH", path, alice, { content: "" })).status, 422);
    const { status, body } = await call("PATCH", path, alice, { content: "Better" });
    assertEquals([status, body.content, typeof body.edited_at], [200, "Better", "string"]);
  });
  await t.step("reacted to, once a person", async () => {
    const thumb = `${path}/reactions/${encodeURIComponent("👍")}`;
    await call("PUT", thumb, alice);
    const twice = await call("PUT", thumb, alice);
    const { status, body } = await call("PUT", thumb, bob);
    assertEquals([twice.status, twice.body.reactions], [200, [{
      emoji: "👍",
      count: 1,
      users: ["Alice"],
      mine: true,
    }]]);
    assertEquals([status, body.reactions], [200, [{ emoji: "👍", count: 2, users: ["Alice", "Bob"], mine: true }]]);
    assertEquals((await call("DELETE", thumb, alice)).body.reactions, [{
      emoji: "👍",
      count: 1,
      users: ["Bob"],
      mine: false,
    }]);
    assertEquals((await call("DELETE", thumb, bob)).body.reactions, []);
    assertEquals((await call("PUT", `${path}/reactions/ha`, alice)).status, 422);
    assertEquals((await call("PUT", thumb, {})).status, 401);
  });
  await t.step("pinned and unpinned", async () => {
    assertEquals((await call("PUT", `${path}/pin`, bob)).body.pinned, true);
    assertEquals((await call("DELETE", `${path}/pin`, bob)).body.pinned, false);
    assertEquals((await call("PUT", `${path}/pin`, {})).status, 401);
  });
  await t.step("answered", async () => {
    for (const content of ["one", "two"]) await call("POST", HISTORY, bob, { content, reply_to: id });
    const { status, body } = await call("GET", `${path}/thread`, {});
    assertEquals([status, body.map(({ content, reply_to }: Record<string, unknown>) => [content, reply_to])], [200, [[
      "one",
      id,
    ], ["two", id]]]);
    assertEquals((await call("POST", HISTORY, bob, { content: "three", reply_to: messageId(1, 999) })).status, 404);
  });
  await t.step("only its author can delete it, everywhere", async () => {
    assertEquals((await call("DELETE", path, bob)).status, 403);
    assertEquals((await call("DELETE", path, {})).status, 401);
    assert((await everything(server)).includes("Better"));
    assertEquals((await call("DELETE", path, alice)).status, 200);
    assert(!(await everything(server)).includes("Better"));
    for (const method of ["GET", "DELETE"]) assertEquals((await call(method, path, alice)).status, 404, method);
    assertEquals((await call("PATCH", path, alice, { content: "Back" })).status, 404);
    assertEquals((await call("PUT", `${path}/pin`, alice)).status, 404);
  });
  await t.step("an impossible id is 422, an unknown one 404", async () => {
    for (
      const [id, status] of [["x", 422], ["-1", 422], ["1", 422], ["1.5", 422], ["9".repeat(20), 422], [
        messageId(1, 999),
        404,
      ], [messageId(99, 1), 404]]
    ) {
      assertEquals((await call("GET", `/api/chat/messages/${id}`, {})).status, status, String(id));
    }
  });
});

Deno.test("null says no more than leaving something out", async () => {
  await using server = await serve();
  const said = await post(server, { content: "Hello", username: "Alice", nonce: null, reply_to: null });
  assertEquals([said.status, (await said.json()).reply_to], [201, null]);
  const nobody = await post(server, { content: "Hello", username: null });
  assertEquals([nobody.status, (await nobody.json()).code], [401, "sign_in"]);
});

Deno.test("an invalid message is refused, and nothing is stored", async (t) => {
  await using server = await serve();
  const bodies: [string, BodyInit, number][] = [
    ["empty content", '{"content":"","username":"Alice"}', 422],
    ["4,001 characters", JSON.stringify({ content: "x".repeat(4_001), username: "Alice" }), 422],
    ["a name of 21 characters", JSON.stringify({ content: "Hello", username: "x".repeat(21) }), 422],
    ["a number for content", '{"content":5,"username":"Alice"}', 422],
    ["not JSON", "content=Hello", 422],
    ["nothing", "", 422],
    ["null", "null", 422],
    ["an array", "[]", 422],
    ["deep brackets", "[".repeat(60_000), 422],
    ["bytes that are no UTF-8", latin1('{"content":"caf\u00e9","username":"Alice"}'), 422],
    ["over 64 KiB", JSON.stringify({ content: "Hello", username: "Alice", padding: "x".repeat(65_536) }), 413],
    ["over 64 KiB, of a length that is not told", chunks(100, "x".repeat(1_000)), 413],
  ];
  for (const [what, body, status] of bodies) {
    await t.step(what, async () => {
      const response = await server.fetch(HISTORY, { method: "POST", body });
      assertEquals([response.status, (await response.json()).status], [status, status]);
      assertEquals(response.headers.get("content-type"), "application/problem+json");
    });
  }
  assertEquals(await (await server.fetch(HISTORY)).json(), []);
});

function post(server: TestServer, json: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return server.fetch(HISTORY, { method: "POST", json, headers });
}

function seqs(messages: unknown): number[] {
  return z.array(z.object({ seq: z.number() })).parse(messages).map(({ seq }) => seq);
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function chunks(count: number, chunk: string): ReadableStream<Uint8Array> {
  return ReadableStream.from(Array.from({ length: count }, () => new TextEncoder().encode(chunk)));
}
