import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { z } from "zod";
import { LIMITS } from "@/lib/config.ts";
import { groupName } from "@/lib/chat/group_name.ts";
import { messageId } from "@/lib/model/message.ts";
import { pages } from "@/tests/http/requests.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import { asAccount } from "@/tests/people.ts";

/** What an endpoint of `/api/chats` answers to somebody. */
async function ask(server: TestServer, { headers }: Pick<TestPerson, "headers">, path: string, json?: unknown) {
  const method = json === undefined ? "GET" : "POST";
  const response = await server.fetch(`/api/chats${path}`, { method, headers, json });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Alice, Bob and Carol, with ids in that order. */
async function three(server: TestServer): Promise<[TestPerson, TestPerson, TestPerson]> {
  return [
    await server.person("Alice", { id: "a".repeat(24) }),
    await server.person("Bob", { id: "b".repeat(24) }),
    await server.person("Carol", { id: "c".repeat(24) }),
  ];
}

/** Somebody as a chat names them. */
function named({ id, name }: TestPerson): { id: string; username: string } {
  return { id, username: name };
}

Deno.test("two accounts have one chat, whoever creates it and however often", async (t) => {
  await using server = await serve();
  const [alice, bob, carol] = await three(server);
  const begun = await ask(server, alice, "/", { participants: [bob.id] });
  const { id, created_at, ...chat } = begun.body;

  await t.step("it has no name of its own, and is no group", () => {
    assertEquals([begun.status, begun.headers.get("location")], [201, `/api/chats/${id}`]);
    assertEquals(chat, { name: null, is_group: false, participants: [named(alice), named(bob)] });
    assertMatch(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
  await t.step("creating it again returns the existing one", async () => {
    for (const [person, other] of [[alice, bob], [bob, alice]] as const) {
      for (const json of [{ participants: [other.id] }, { participants: [person.id, other.id, other.id], name: "x" }]) {
        const { status, body } = await ask(server, person, "", json);
        assertEquals([status, body], [200, begun.body]);
      }
    }
  });
  await t.step("the people can be given under any of four names", async () => {
    for (const name of ["participants", "participant_ids", "user_ids", "members"]) {
      const json = { participants: null, user_ids: null, [name]: [bob.id], name: null, is_group: null };
      assertEquals((await ask(server, alice, "/", json)).body.id, id);
    }
  });
  await t.step("it can be given a name when it is begun", async () => {
    const { status, body } = await ask(server, alice, "/", { participants: [carol.id], name: " Tea  time " });
    assertEquals([status, body.name, body.is_group], [201, "Tea time", false]);
  });
  await t.step("concurrent creations return the same chat", async () => {
    const tries = Array.from({ length: 6 }, (_, index) => {
      const [person, other] = index % 2 ? [bob, carol] : [carol, bob];
      return ask(server, person, "/", { participants: [other.id] });
    });
    const answers = await Promise.all(tries);
    assertEquals(new Set(answers.map(({ body }) => body.id)).size, 1);
    assertEquals(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 201]);
  });
});

Deno.test("three or more are a group, and so are two where that is wished", async (t) => {
  await using server = await serve();
  const [alice, bob, carol] = await three(server);
  await t.step("three people make a group, even with is_group: false", async () => {
    const json = { participants: [bob.id, carol.id], name: "Weekend", is_group: false };
    const { status, body: { id: _, created_at: __, ...chat } } = await ask(server, alice, "/", json);
    assertEquals([status, chat], [201, {
      name: "Weekend",
      is_group: true,
      participants: [named(alice), named(bob), named(carol)],
    }]);
  });
  await t.step("the same people can have several groups with one name", async () => {
    const json = { user_ids: [bob.id, carol.id], name: "Weekend" };
    const [one, other] = [
      await ask(server, alice, "/", json),
      await ask(server, bob, "/", { ...json, members: [alice.id] }),
    ];
    assertEquals([one.status, other.status, one.body.name, other.body.name], [201, 201, "Weekend", "Weekend"]);
    assertNotEquals(one.body.id, other.body.id);
  });
  await t.step("of two, beside the chat that they have", async () => {
    const direct = await ask(server, alice, "/", { participants: [bob.id] });
    const group = await ask(server, alice, "/", { participants: [bob.id], is_group: true });
    assertEquals([group.status, group.body.is_group, group.body.name], [201, true, "Alice, Bob"]);
    assertNotEquals(group.body.id, direct.body.id);
  });
  await t.step("without a name it is called by its people", async () => {
    for (const name of [undefined, null, "", "  "]) {
      const { body } = await ask(server, carol, "/", { participants: [alice.id, bob.id], name });
      assertEquals(body.name, "Carol, Alice, Bob");
    }
  });
  await t.step("the web app shows it as a private room that its creator owns", async () => {
    const { body } = await ask(server, alice, "/", { participants: [bob.id, carol.id] });
    const { headers } = alice;
    const room = await (await server.fetch(`/api/chat/rooms/${body.id}`, { headers })).json();
    assertEquals([room.kind, room.name], ["private", "Alice, Bob, Carol"]);
    const members = await (await server.fetch(`/api/chat/rooms/${body.id}/members`, { headers })).json();
    assertEquals(members.map(({ role }: { role: string }) => role), ["owner", "member", "member"]);
  });
});

Deno.test("a group's own name has as many of its people as a room's name has place for", () => {
  const long = (letter: string) => letter.repeat(20);
  assertEquals(groupName(["Al", "Bo"]), "Al, Bo");
  assertEquals(groupName([..."abcdefghijklmnopqrst"]).length, 58);
  assertEquals(groupName([long("a"), long("b"), "cc"]), `${long("a")}, ${long("b")}, cc`);
  assertEquals(groupName([long("a"), long("b"), long("c")]), `${long("a")}, ${long("b")} and 1 other`);
  const crowd = groupName(Array(101).fill(long("𝒜")));
  assertEquals(crowd, `${long("𝒜")}, ${long("𝒜")} and 99 others`);
  assertEquals([...crowd].length, 56);
});

Deno.test("an impossible chat is refused with a sentence", async (t) => {
  await using server = await serve();
  const [alice, bob, carol] = await three(server);
  const nobody = "f".repeat(24);
  const wrong: [string, unknown, RegExp][] = [
    ["nobody else", { participants: [] }, /at least one other account/],
    ["nobody but oneself", { participants: [alice.id] }, /at least one other account/],
    ["a group of one", { participants: [alice.id], is_group: true, name: "me" }, /at least one other account/],
    ["no list", {}, /at least one other account/],
    ["somebody whom nobody knows", { participants: [nobody] }, new RegExp(nobody)],
    ["one of several", { participants: [bob.id, nobody] }, new RegExp(nobody)],
    ["what is no id", { participants: ["Bob"] }, /24 lower-case hex/],
    ["a number", { participants: [5] }, /participants/],
    ["a name that no room can have", { participants: [bob.id, carol.id], name: "x".repeat(61) }, /at most 60/],
    ["too many", { participants: Array(60).fill(bob.id), user_ids: Array(60).fill(bob.id) }, /at most 100/],
    ["a list", [], /object/],
  ];
  for (const [what, json, sentence] of wrong) {
    await t.step(what, async () => {
      const { status, body } = await ask(server, alice, "/", json);
      assertEquals([status, body.code], [422, "invalid"]);
      assertMatch(body.detail, sentence);
    });
  }
  await t.step("and nothing of it was made", async () => {
    assertEquals((await ask(server, alice, "/")).body, []);
  });
});

Deno.test("chats are for accounts, and only for their members", async (t) => {
  await using server = await serve();
  const [alice, bob, carol] = await three(server);
  const { body: { id } } = await ask(server, alice, "/", { participants: [bob.id] });
  const paths = [`/${id}`, `/${id}/messages`, `/${id}/active-users`];
  await t.step("guests and those without a token are asked to sign in", async () => {
    const { token } = server.chat.guests.issue("Gus");
    for (const authorization of [`Bearer ${token}`, "Bearer x", ""]) {
      const headers = { authorization };
      for (const path of ["/", ...paths]) assertEquals((await ask(server, { headers }, path)).status, 401);
      assertEquals((await ask(server, { headers }, "/", { participants: [bob.id] })).status, 401);
    }
    assertEquals((await server.fetch("/api/chats").then((response) => response.json())).status, 401);
  });
  await t.step("for others it doesn't exist", async () => {
    for (const path of paths) {
      const { status, body } = await ask(server, carol, path);
      assertEquals([status, body.code], [404, "room_not_found"]);
    }
  });
  await t.step("a public room isn't a chat, nor is an unknown id", async () => {
    for (const room of ["1", "general", "99", "0", "x", "ws"]) {
      for (const rest of ["", "/messages", "/active-users"]) {
        assertEquals((await ask(server, alice, `/${room}${rest}`)).status, 404);
      }
    }
  });
  await t.step("its members see it, with or without a slash at the end", async () => {
    for (const path of paths) {
      for (const address of [path, `${path}/`]) assertEquals((await ask(server, bob, address)).status, 200);
    }
  });
  await t.step("a read-only token can't create one", async () => {
    const { secret } = await server.chat.sessions.createToken(asAccount(alice), { label: "a bot", scopes: ["read"] });
    const bot = { headers: { authorization: `Bearer ${secret}` } };
    assertEquals((await ask(server, bot, `/${id}`)).status, 200);
    assertEquals((await ask(server, bot, "/", { participants: [carol.id] })).status, 403);
  });
});

Deno.test("the list has the account's chats, page by page", async () => {
  await using server = await serve();
  const [alice, bob, carol] = await three(server);
  const { headers } = alice;
  await server.fetch("/api/chat/rooms", { method: "POST", headers, json: { name: "tea" } }).then((made) => made.json());
  const direct = (await ask(server, alice, "/", { participants: [bob.id] })).body;
  const group = (await ask(server, bob, "/", { participants: [alice.id, carol.id] })).body;
  const other = (await ask(server, bob, "/", { participants: [carol.id] })).body;
  assertEquals((await ask(server, alice, "/")).body, [direct, group]);
  assertEquals((await ask(server, bob, "")).body, [direct, group, other]);
  assertEquals((await ask(server, carol, "/")).body, [group, other]);
  const read: TestServer = { ...server, fetch: (path) => server.fetch(path, { headers: bob.headers }) };
  assertEquals(await pages(read, "/api/chats?limit=2", "next"), [[direct, group], [other]]);
  for (const query of ["limit=0", "limit=1001", "cursor=x"]) {
    assertEquals((await ask(server, bob, `?${query}`)).status, 422, query);
  }
});

Deno.test("messages are read back oldest first, page by page", async (t) => {
  await using server = await serve();
  const [alice, bob] = await three(server);
  const { body: { id } } = await ask(server, alice, "/", { participants: [bob.id] });
  const client = server.socket(`/api/chats/ws/${id}/${alice.id}?token=${alice.token}`);
  for (let number = 1; number <= 60; number++) await client.send({ content: `${number}` });
  const last = await client.until("message", ({ content }) => content === "60");
  const messages = z.array(z.object({ content: z.string() }));
  const contents = (body: unknown) => messages.parse(body).map(({ content }) => Number(content));
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

  await t.step("the newest 50, each as the socket sent it", async () => {
    const { body } = await ask(server, bob, `/${id}/messages`);
    assertEquals(contents(body), range(11, 60));
    const { type: _, ...message } = last;
    assertEquals(body.at(-1), message);
  });
  await t.step("a given number before or after a message", async () => {
    const page = async (query: string) => contents((await ask(server, bob, `/${id}/messages/?${query}`)).body);
    assertEquals(await page("limit=3"), [58, 59, 60]);
    assertEquals(await page(`limit=3&before=${messageId(id, 11)}`), [8, 9, 10]);
    assertEquals(await page(`limit=3&after=${messageId(id, 11)}`), [12, 13, 14]);
    assertEquals((await page("limit=500")).length, 60);
  });
  await t.step("all of it, by the addresses that the answers give", async () => {
    const read: TestServer = { ...server, fetch: (path) => server.fetch(path, { headers: alice.headers }) };
    const found = await pages(read, `/api/chats/${id}/messages?limit=25`, "prev");
    assertEquals(found.reverse().flatMap(contents), range(1, 60));
  });
  await t.step("a limit or a place that is none is refused", async () => {
    for (const query of ["limit=0", "limit=501", "limit=x", "before=x", "after=1", "before=5&after=6"]) {
      assertEquals((await ask(server, bob, `/${id}/messages?${query}`)).status, 422, query);
    }
    assertEquals((await ask(server, bob, `/${id}/messages?before=${messageId(1, 1)}`)).status, 404);
  });
});

Deno.test("people with the chat open are its active users", async () => {
  await using server = await serve();
  const [alice, bob] = await three(server);
  const { body: { id } } = await ask(server, alice, "/", { participants: [bob.id] });
  const active = async () => (await ask(server, alice, `/${id}/active-users`)).body;
  assertEquals(await active(), { active_users: [], count: 0 });
  const open = async ({ id: user, token }: TestPerson) => {
    const client = server.socket(`/api/chats/ws/${id}/${user}?token=${token}`);
    await client.until("user_joined");
    return client;
  };
  const first = await open(bob);
  await open(alice);
  await open(alice);
  assertEquals(await active(), { active_users: [named(alice), named(bob)], count: 2 });
  first.close();
  await first.closed;
  assertEquals(await active(), { active_users: [named(alice)], count: 1 });
});

Deno.test("chats are begun only so fast", async () => {
  await using server = await serve({ limits: { ...LIMITS, create: { perSecond: 0.001, burst: 1 } } });
  const [alice, bob, carol] = await three(server);
  assertEquals((await ask(server, alice, "/", { participants: [bob.id] })).status, 201);
  const { status, body, headers } = await ask(server, alice, "/", { participants: [carol.id] });
  assertEquals([status, body.code], [429, "rate_limited"]);
  assert(Number(headers.get("retry-after")) > 0);
  assertEquals((await ask(server, bob, "/", { participants: [carol.id] })).status, 201);
});
