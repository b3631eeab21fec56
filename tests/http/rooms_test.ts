import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { z } from "zod";
import { everything, guestCookie, pages } from "@/tests/http/requests.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a room is made, found by id and by name, changed, and deleted", async (t) => {
  await using server = await serve();
  const created = await server.fetch("/api/chat/rooms", {
    method: "POST",
    json: { name: "  Tea \u00a0 time ", description: "Milk first" },
  });
  const { id, created_at, ...room } = await created.json();

  await t.step("made", () => {
    assertEquals([created.status, created.headers.get("location")], [201, `/api/chat/rooms/${id}`]);
    assertEquals(room, {
      name: "Tea time",
      description: "Milk first",
      kind: "public",
      archived: false,
      created_by: null,
      online: 0,
      messages: 0,
      last_message_at: null,
    });
    assertMatch(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
  await t.step("found", async () => {
    for (const name of [id, "Tea time", "TEA TIME", "Ｔｅａ time", " Tea  time "]) {
      const response = await server.fetch(`/api/chat/rooms/${encodeURIComponent(name)}`);
      assertEquals([response.status, (await response.json()).id], [200, id], String(name));
    }
  });
  await t.step("shows who's online and the time of the newest message", async () => {
    const alice = await server.join("Alice", id);
    await alice.send({ type: "message", content: "Hello" });
    const { timestamp } = await alice.until("message");
    const { online, messages, last_message_at } = await (await server.fetch(`/api/chat/rooms/${id}`)).json();
    assertEquals({ online, messages, last_message_at }, { online: 1, messages: 1, last_message_at: timestamp });
  });
  const headers = await guestCookie(server, "Alice");
  await t.step("changed", async () => {
    const patch = { name: "Coffee", description: "Black", archived: true };
    const response = await server.fetch(`/api/chat/rooms/${id}`, { method: "PATCH", headers, json: patch });
    const { name, description, archived } = await response.json();
    assertEquals([response.status, { name, description, archived }], [200, patch]);
    assertEquals((await server.fetch("/api/chat/rooms/Tea%20time")).status, 404);
    assertEquals((await server.fetch("/api/chat/rooms/coffee")).status, 200);
  });
  await t.step("to change nothing is no change", async () => {
    const before = await server.chat.log.head(id);
    const response = await server.fetch(`/api/chat/rooms/${id}`, { method: "PATCH", headers, json: {} });
    assertEquals([response.status, (await response.json()).name], [200, "Coffee"]);
    assertEquals(await server.chat.log.head(id), before);
  });
  await t.step("deleted", async () => {
    const response = await server.fetch("/api/chat/rooms/Coffee", { method: "DELETE" });
    assertEquals([response.status, await response.json()], [200, { message: "Room deleted" }]);
    for (
      const [method, path] of [["GET", ""], ["DELETE", ""], ["PATCH", ""], ["GET", "/messages"], ["POST", "/messages"]]
    ) {
      const json = method === "POST" ? { content: "Hello", username: "Alice" } : method === "PATCH" ? {} : undefined;
      const response = await server.fetch(`/api/chat/rooms/${id}${path}`, { method, headers, json });
      assertEquals([response.status, (await response.json()).code], [404, "room_not_found"], `${method} ${path}`);
    }
  });
});

Deno.test("null says no more than leaving something out", async () => {
  await using server = await serve();
  const json = { name: "kitchen", description: null, kind: null, members: null };
  const response = await server.fetch("/api/chat/rooms", { method: "POST", json });
  const { name, description, kind } = await response.json();
  assertEquals([response.status, name, description, kind], [201, "kitchen", "", "public"]);
});

Deno.test("a deleted room leaves nothing in the store, and its name is free", async () => {
  await using server = await serve();
  const make = () => server.fetch("/api/chat/rooms", { method: "POST", json: { name: "hidden room" } });
  const { id } = await (await make()).json();
  const alice = await server.join("Alice", id);
  await alice.send({ type: "message", content: "hidden words", nonce: "hidden nonce" });
  const { id: message } = await alice.until("message");
  await alice.send({ type: "message", content: "hidden reply", reply_to: message }, {
    type: "react",
    id: message,
    emoji: "👍",
  });
  await alice.until("reacted");
  assert((await everything(server)).includes("hidden words"));
  await (await server.fetch(`/api/chat/rooms/${id}`, { method: "DELETE" })).body?.cancel();
  const left = await everything(server);
  assert(!left.includes("hidden") && !left.includes("Alice"), left);
  assertNotMatch(left, new RegExp(`"key":\\[[^\\]]*\\b${id}\\b`), "no key names the room");
  const again = await make();
  const room = await again.json();
  assertEquals([again.status, room.id === id, room.messages], [201, false, 0]);
});

Deno.test("a name is given once, however it is written", async (t) => {
  await using server = await serve();
  const make = (name: string) => server.fetch("/api/chat/rooms", { method: "POST", json: { name } });
  await (await make("Straße 🫖")).body?.cancel();
  for (const name of ["Straße 🫖", "STRASSE 🫖", "ｓｔｒａßｅ 🫖", " straße   🫖 ", "General"]) {
    await t.step(name, async () => {
      const response = await make(name);
      assertEquals([response.status, (await response.json()).code], [409, "name_taken"]);
    });
  }
  await t.step("concurrent creations with one name: one succeeds", async () => {
    const responses = await Promise.all(Array.from({ length: 10 }, () => make("race")));
    const statuses = responses.map(({ status }) => status).sort();
    for (const { body } of responses) await body?.cancel();
    assertEquals(statuses, [201, ...Array(9).fill(409)]);
  });
  await t.step("renaming to a taken name", async () => {
    const headers = await guestCookie(server, "Alice");
    const change = (name: string) => server.fetch("/api/chat/rooms/race", { method: "PATCH", headers, json: { name } });
    assertEquals((await change("GENERAL")).status, 409);
    assertEquals((await change("RACE")).status, 200);
    assertEquals((await (await server.fetch("/api/chat/rooms/race")).json()).name, "RACE");
  });
});

Deno.test("a name that no room can have is refused, with the field that is wrong", async (t) => {
  await using server = await serve();
  const headers = await guestCookie(server, "Alice");
  const { id } = await (await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "room" } })).json();
  const names = [
    "",
    "   ",
    "x".repeat(61),
    "42",
    "４２",
    "a\u0000b",
    "a\nb",
    "a\u202eb",
    "\u200b",
    "\u0301",
    "\ud800",
    5,
    null,
    [],
    {},
  ];
  for (const name of names) {
    await t.step(JSON.stringify(name), async () => {
      for (const [path, method] of [["", "POST"], [`/${id}`, "PATCH"]]) {
        const response = await server.fetch(`/api/chat/rooms${path}`, { method, headers, json: { name } });
        const { title, status, detail, errors } = await response.json();
        assertEquals([response.status, title, status, typeof detail], [422, "Invalid input", 422, "string"]);
        assertEquals(errors.map(({ path }: { path: string[] }) => path), [["name"]]);
      }
    });
  }
  await t.step("several wrong fields are named at once", async () => {
    const json = { name: "", description: "x".repeat(501), kind: "odd" };
    const { errors } = await (await server.fetch("/api/chat/rooms", { method: "POST", json })).json();
    assertEquals(errors.map(({ path }: { path: string[] }) => path), [["name"], ["description"], ["kind"]]);
  });
});

Deno.test("General can't be changed or deleted", async () => {
  await using server = await serve();
  const headers = await guestCookie(server, "Alice");
  for (const room of ["1", "general", "GENERAL"]) {
    for (const [method, json] of [["DELETE"], ["PATCH", { name: "mine" }]] as const) {
      const response = await server.fetch(`/api/chat/rooms/${room}`, { method, headers, json });
      assertEquals([response.status, (await response.json()).code], [403, "forbidden"]);
    }
  }
  assertEquals((await server.fetch("/api/chat/rooms/general")).status, 200);
});

Deno.test("GUESTS says what guests can do", async (t) => {
  const tries = [
    ["read the list", "GET", "/api/chat/rooms"],
    ["read a room", "GET", "/api/chat/rooms/general"],
    ["read what was said", "GET", "/api/chat/rooms/general/messages"],
    ["say something", "POST", "/api/chat/rooms/general/messages", { content: "Hello", username: "Alice" }],
    ["make a room", "POST", "/api/chat/rooms", { name: "tea" }],
    ["change a room", "PATCH", "/api/chat/rooms/2", { name: "coffee" }],
    ["delete a room", "DELETE", "/api/chat/rooms/2"],
    ["delete general", "DELETE", "/api/chat/rooms/general"],
  ] as const;
  const expected = {
    full: [200, 200, 200, 201, 201, 200, 200, 403],
    chat: [200, 200, 200, 201, 403, 403, 403, 403],
    none: [401, 401, 401, 401, 401, 401, 401, 401],
  };
  for (const guests of ["full", "chat", "none"] as const) {
    await t.step(`GUESTS=${guests}`, async () => {
      await using server = await serve({ guests });
      // So that there is a room to change where guests cannot make one.
      if (guests !== "full") {
        const owner = asGuest({ id: "f".repeat(24), name: "Owner", guest: false });
        await server.chat.rooms.create(owner, { name: "old", description: "" });
      }
      const token = server.chat.guests.issue("Alice").token;
      const statuses: number[] = [];
      for (const [, method, path, json] of tries) {
        const response = await server.fetch(path, { method, json, headers: { authorization: `Bearer ${token}` } });
        statuses.push(response.status);
        await response.body?.cancel();
      }
      assertEquals(statuses, expected[guests]);
    });
  }
});

Deno.test("guests can't change or delete a room that an account owns", async () => {
  await using server = await serve();
  const owner = { id: "f".repeat(24), name: "Owner", guest: false };
  const { id } = await server.chat.rooms.create(asGuest(owner), { name: "owned", description: "" });
  const headers = await guestCookie(server, "Alice");
  assertEquals((await server.fetch(`/api/chat/rooms/${id}`, { method: "DELETE", headers })).status, 403);
  assertEquals(
    (await server.fetch(`/api/chat/rooms/${id}`, { method: "PATCH", headers, json: { name: "x" } })).status,
    403,
  );
});

Deno.test("the list of rooms can be searched, and read page by page", async (t) => {
  await using server = await serve();
  for (let number = 1; number <= 24; number++) {
    const name = number % 2 ? `Éclair ${number}` : `Tea ${number}`;
    await (await server.fetch("/api/chat/rooms", { method: "POST", json: { name } })).body?.cancel();
  }
  const ids = (rooms: unknown[]) => z.array(z.object({ id: z.number() })).parse(rooms).map(({ id }) => id);
  await t.step("everything at once", async () => {
    const response = await server.fetch("/api/chat/rooms");
    assertEquals([response.headers.get("link"), ids(await response.json()).length], [null, 25]);
  });
  await t.step("page by page, each room once", async () => {
    const all: number[] = [];
    for (const page of await pages(server, "/api/chat/rooms?limit=7", "next")) all.push(...ids(page));
    assertEquals(all, Array.from({ length: 25 }, (_, index) => index + 1));
  });
  await t.step("a search, without regard to case, over pages too", async () => {
    const found = await pages(server, "/api/chat/rooms?q=%C3%A9CLAIR&limit=5", "next");
    assertEquals(found.map((page) => page.length), [5, 5, 2]);
    assertEquals(await (await server.fetch("/api/chat/rooms?q=%00nothing")).json(), []);
  });
  for (
    const query of [
      "limit=0",
      "limit=-1",
      "limit=1001",
      "limit=ten",
      "limit=1.5",
      "limit=",
      "cursor=-1",
      "cursor=x",
      "cursor=99999999999999999999",
      `q=${"x".repeat(101)}`,
    ]
  ) {
    await t.step(`422: ${query.slice(0, 30)}`, async () => {
      const response = await server.fetch(`/api/chat/rooms?${query}`);
      const { errors } = await response.json();
      assertEquals([response.status, errors[0].path], [422, [query.split("=")[0]]]);
    });
  }
});
